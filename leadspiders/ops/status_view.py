"""How a campaign stands, on a terminal: the picture of a run, and why records were turned away."""

from collections.abc import Mapping
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from leadspiders.campaigns.model import Campaign
from leadspiders.ops.funnel import Delivered, Status
from leadspiders.ops.progress_view import Aim, Moment, picture
from leadspiders.ops.wording import open_again


def aim_of(campaign: Campaign, goal: int) -> Aim:
    """What the campaign is measured against; `goal` in leads."""
    return Aim(
        title=campaign.title,
        goal=goal,
        per_hour=campaign.goals.per_hour,
        cap_usd=campaign.budget.cap_usd,
        credits={str(provider): most for provider, most in campaign.budget.credits.items()},
    )


def show(
    status: Status,
    campaign: Campaign,
    delivered: Delivered,
    *,
    goal: int,
    width: int,
    closed: Mapping[str, datetime] | None = None,
) -> RenderableType:
    """Everything that `scrapy status` tells a person, `goal` in leads; made for 60 columns and up.

    `closed` says when an API may be asked again that may not be asked now.
    """
    parts = [picture(Moment(status=status, delivered=delivered), aim_of(campaign, goal), width), reasons(status)]
    parts += [Text(open_again(api, when), "yellow") for api, when in (closed or {}).items()]
    ledger = "the ledger adds up" if status["balanced"] else "the ledger does NOT add up"
    parts.append(Text(ledger, "green" if status["balanced"] else "bold red"))
    return Group(*parts)


def reasons(status: Status) -> Table:
    """Why records were refused or parked, the most frequent reason first."""
    table = Table.grid(padding=(0, 2))
    for outcome in ("refused", "parked"):
        for reason, number in sorted(status[outcome].items(), key=lambda pair: (-pair[1], pair[0])):
            table.add_row(Text(outcome, "dim"), Text(reason), Text(f"{number:,}"))
    return table
