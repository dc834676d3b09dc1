"""A campaign told in a dozen lines, for the person who is about to start it."""

from collections.abc import Sequence

from leadspiders.campaigns.model import Campaign


def goal(campaign: Campaign) -> str:
    """`20,000 leads in 24 hours, 834 an hour`."""
    goals = campaign.goals
    return f"{goals.leads:,} leads in {goals.hours:g} hours, {goals.per_hour:,} an hour"


def summary(campaign: Campaign) -> list[tuple[str, str]]:
    """Label and text of each line, in the order of the file."""
    target, scoring = campaign.target, campaign.scoring
    rule = scoring.qualify
    bar = f"at least {rule.at_least}" if rule.at_least is not None else f"above {rule.above}"
    variants = [f"{name} {variant.share:.0%}" for name, variant in scoring.variants.items()]
    receivers = [f"{name} when {to.when}" for name, to in campaign.delivery.destinations.items() if to.enabled]
    staff = f"{target.employees.min:,} to {target.employees.max:,}" if target.employees else "any number"
    fields = campaign.providers.fields
    return [
        ("file", campaign.source_file),
        ("goal", goal(campaign)),
        ("one lead is", "a person" if campaign.lead == "contact" else "an employer with its decision makers"),
        ("titles", _some(target.titles, "all")),
        ("places", f"{_some(target.countries, 'all countries')}; states: {_some(target.states, 'all')}"),
        ("metros first", _some(target.metros, "none")),
        (
            "companies",
            f"{_some(target.company_types, 'all types')}; {staff} staff; NAICS: {_some(target.naics, 'all')}",
        ),
        ("sources", _some(campaign.sources.enabled(), "none")),
        (
            "fills gaps",
            "; ".join(f"{field}: {', '.join(providers)}" for field, providers in fields.items()) or "nobody",
        ),
        ("may cost", _money(campaign)),
        (
            "qualified",
            f"{rule.score} {bar}" + (f", e-mail not {' or '.join(rule.email_not)}" if rule.email_not else ""),
        ),
        ("fit variants", ", ".join(variants)),
        ("delivered to", _some(receivers, "nobody")),
        ("kept", f"leads {campaign.retention.leads_days} days, raw replies {campaign.retention.raw_days} days"),
    ]


def _money(campaign: Campaign) -> str:
    budget = campaign.budget
    caps = f"${budget.cap_usd:,.2f} in all, ${budget.per_day_usd:,.2f} a day, ${budget.per_lead_usd:,.2f} a lead"
    counted = [f"{provider} {count:,} credits" for provider, count in budget.credits.items()]
    return "; ".join([caps, *counted])


def _some(names: Sequence[str], none: str) -> str:
    return ", ".join(names) or none
