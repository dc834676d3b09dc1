"""What to do next, in sentences somebody can act on: the most urgent first. Pure."""

from collections.abc import Iterator

from leadspiders.campaigns.model import Campaign
from leadspiders.ops.funnel import Delivered, Status, dead, waiting
from leadspiders.ops.wording import dollars, percent, share

NEARLY = 0.95  # of a cap: what is left does not buy another batch
FEW_VALID = 0.8  # of the e-mail addresses; below it a bulk mailing harms the sender


def advice(status: Status, campaign: Campaign, *, goal: int, delivered: Delivered, sandbox: bool) -> list[str]:
    """At least one sentence, at most eight; what is to be typed stands between backticks."""
    found = [*_trouble(status, campaign), *_unfinished(status, campaign, goal), *_outgoing(delivered, campaign)]
    found.extend(_quality(status))
    if sandbox:
        found.append(
            "This was a rehearsal: put your keys into .env (.env.example names them) and run it without `--sandbox`."
        )
    found.append(f"Take the leads with you: `scrapy leads {campaign.name} -O leads.xlsx`")
    return found[:8]


def _trouble(status: Status, campaign: Campaign) -> Iterator[str]:
    if not status["balanced"]:
        yield f"The ledger does not add up: `scrapy status {campaign.name} --json` has every count; report it."
    errors = share(status["errors"], status["seen"])
    if errors is not None and errors >= campaign.alerts.error_rate:
        yield f"{percent(errors)} errors: read the log for the source that fails before you run it again."
    if status["parked"]:
        reason, most = max(status["parked"].items(), key=lambda pair: pair[1])
        parked = sum(status["parked"].values())
        yield f"{parked:,} records are parked, most for {reason} ({most:,}): see the table parked_records."


def _unfinished(status: Status, campaign: Campaign, goal: int) -> Iterator[str]:
    leads = status["leads"]
    again = f"`scrapy sprint {campaign.name}`"
    spent_up = status["spend_usd"] >= NEARLY * campaign.budget.cap_usd
    if status["pending"]:
        yield f"{status['pending']:,} records are still pending: {again} goes on where it stopped."
    elif leads["ready"] < goal and spent_up:
        yield f"The cap of {dollars(campaign.budget.cap_usd)} is used up: raise `budget.cap_usd` or lower the goal."
    elif leads["ready"] < goal and leads["identified"]:
        yield f"{leads['identified']:,} leads wait for a match: check budget and credits, then {again}."
    elif leads["ready"] < goal:
        yield "Every record the sources gave is used: widen the target (titles, states, staff range) or add a source."


def _outgoing(delivered: Delivered, campaign: Campaign) -> Iterator[str]:
    if left := waiting(delivered):
        yield f"{left:,} records wait for delivery: `scrapy crawl delivery -a campaign={campaign.name}`"
    if refused := dead(delivered):
        again = f"`scrapy crawl delivery -a campaign={campaign.name} -a retry_dead=true`"
        yield f"{refused:,} deliveries were refused for good: the table outbox says why. Mend the cause, then {again}"
    if not any(receiver.enabled for receiver in campaign.delivery.destinations.values()):
        yield "No destination is enabled: set `enabled = true` under `delivery.destinations` in the campaign file."


def _quality(status: Status) -> Iterator[str]:
    leads = status["leads"]
    valid = share(leads["email_verified"], leads["with_email"])
    if valid is not None and valid < FEW_VALID:
        yield f"Only {percent(valid)} of the e-mail addresses are verified: name a verifier in `providers.verify`."


def plain(sentence: str) -> str:
    """The sentence for a terminal, where backticks would be typed along."""
    return sentence.replace("`", "")
