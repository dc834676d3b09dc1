"""The variants of a campaign's score against what became of their leads. Slow to import: statsmodels is behind it."""

from dataclasses import asdict
from typing import Any

from leadspiders.campaigns.model import Campaign
from leadspiders.rules.experiment import Arm, Verdict, judge
from leadspiders.stores.postgres.lead_outcomes import ArmCounts


def compare(campaign: Campaign, counts: list[ArmCounts], *, detect: float) -> dict[str, Any]:
    """The object of `scrapy experiment C --json`.

    A variant answers for the leads that it called qualified: those it would send. The first variant of the campaign
    file is the control. `detect` is the least relative difference worth knowing.
    """
    by_name = {one.variant: one for one in counts}
    names = [name for name, variant in campaign.scoring.variants.items() if variant.share or name in by_name]
    arms = {name: _arm(name, by_name.get(name)) for name in names}
    control, *others = arms.values()
    verdicts = {verdict.arm: verdict for verdict in judge(control, others, detect=detect)}
    return {
        "campaign": campaign.name,
        "scoring_version": campaign.scoring.version,
        "control": control.name,
        "detect": detect,
        "variants": [_told(arm, by_name.get(name), verdicts.get(name)) for name, arm in arms.items()],
        "verdict": _sentence(list(verdicts.values())),
    }


def _arm(name: str, counts: ArmCounts | None) -> Arm:
    return Arm(
        name=name, outcomes=counts.qualified_outcomes if counts else 0, won=counts.qualified_won if counts else 0
    )


def _told(arm: Arm, counts: ArmCounts | None, verdict: Verdict | None) -> dict[str, Any]:
    interval = arm.interval()
    return {
        "variant": arm.name,
        "leads": counts.leads if counts else 0,
        "qualified": counts.qualified if counts else 0,
        "outcomes": arm.outcomes,
        "won": arm.won,
        "conversion": arm.rate,
        "interval": interval,
        "outcomes_of_all": counts.outcomes if counts else 0,
        "won_of_all": counts.won if counts else 0,
        "value_usd": counts.value_usd if counts else 0.0,
        "against_control": asdict(verdict) | {"sentence": verdict.sentence} if verdict else None,
    }


def _sentence(verdicts: list[Verdict]) -> str:
    if not verdicts:
        return "one variant only: there is nothing to compare (add a second one under [scoring.variants])"
    better = [one for one in verdicts if one.outcome == "better"]
    if better:
        return max(better, key=lambda one: one.difference or 0.0).sentence
    early = [one for one in verdicts if one.outcome == "too-early"]
    if early:
        return max(early, key=lambda one: one.missing).sentence
    return "; ".join(one.sentence for one in verdicts)
