"""The ledger as people read it: a line a run, what is pending and who has it, and what does not agree."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from leadspiders.stores.postgres.accounting import Account, OpenReceipt
from leadspiders.stores.postgres.ledger import ADVICE, Difference
from leadspiders.stores.postgres.unfinished import Progress

SHOWN = 20
"""Lines of one kind on a terminal; `--json` holds all."""

PENDING = {
    "held": "a worker has the response: its records get their outcome, or the lease runs out",
    "queued": "the response waits to be asked again: start a worker of that run",
    "dead": "it was given up after its tries: scrapy ledger {campaign} --repair gives it new ones",
    "nowhere": "nobody has it: scrapy ledger {campaign} --repair",
    "unknown": "Redis does not answer: nobody can say whether a worker has it",
}
"""What a pending response waits for, by where its request stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An open receipt, and where its request stands."""

    receipt: OpenReceipt
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Everything that `scrapy ledger` found. `requests` counts, by where they stand, those that nobody answered yet."""

    campaign: str
    whole: Account
    runs: dict[str, Account]
    differences: Sequence[Difference]
    removed: dict[str, int]
    waiting: Sequence[Waiting]
    progress: Sequence[Progress]
    requests: dict[str, int] = field(default_factory=dict)
    repaired: Sequence[str] = ()

    @property
    def balanced(self) -> bool:
        """Whether every record that was seen is in exactly one place, and the tables agree."""
        return self.whole.balanced and not self.differences


def as_object(ledger: Ledger) -> dict[str, Any]:
    """The object of `scrapy ledger C --json`."""
    return {
        "campaign": ledger.campaign,
        **_figures(ledger.whole),
        "balanced": ledger.balanced,
        "removed": ledger.removed,
        "runs": [{"run_id": run_id, **_figures(account)} for run_id, account in ledger.runs.items()],
        "differences": [asdict(one) | {"advice": ADVICE[one.cause]} for one in ledger.differences],
        "waiting": [asdict(one.receipt) | {"place": one.place} for one in ledger.waiting],
        "requests": {
            "done": sum(len(one.done) for one in ledger.progress),
            "given_up": sum(len(one.given_up) for one in ledger.progress),
            "unanswered": ledger.requests,
        },
        "repaired": list(ledger.repaired),
    }


def show(ledger: Ledger) -> RenderableType:
    """The same for a terminal."""
    parts: list[RenderableType] = [_runs(ledger), _equation(ledger)]
    if ledger.waiting or ledger.requests:
        parts.append(_pending(ledger))
    if ledger.differences:
        parts.append(_differences(ledger.differences))
    verdict = "the ledger adds up" if ledger.balanced else "the ledger does NOT add up"
    parts.append(Text(verdict, "green" if ledger.balanced else "bold red"))
    if ledger.repaired:
        parts.append(Text("\nThe queue is rebuilt. Start the sources again, and only what is missing is asked for:"))
        parts += [Text(f"  {command}", overflow="fold") for command in ledger.repaired]
    return Group(*parts)


def _figures(account: Account) -> dict[str, Any]:
    return {
        "seen": account.seen,
        "stored": account.stored,
        "merged": account.merged,
        "refused": account.refused,
        "parked": account.parked,
        "suppressed": account.suppressed,
        "pending": account.pending,
    }


def _runs(ledger: Ledger) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("run", "seen", "stored", "merged", "refused", "parked", "suppressed", "pending"):
        table.add_column(name, justify="left" if name == "run" else "right")
    for run_id, account in [*ledger.runs.items(), ("all", ledger.whole)]:
        figures = (sum(value.values()) if isinstance(value, dict) else value for value in _figures(account).values())
        table.add_row(run_id, *(f"{figure:,}" for figure in figures), style="bold" if run_id == "all" else "")
    return table


def _equation(ledger: Ledger) -> Text:
    gone = ", ".join(f"{number:,} {cause}" for cause, number in ledger.removed.items())
    return Text(f"rows that are gone for a good cause: {gone}" if gone else "", "dim")


def _pending(ledger: Ledger) -> Table:
    table = Table.grid(padding=(0, 2))
    for place, advice in PENDING.items():
        mine = [one.receipt for one in ledger.waiting if one.place == place]
        records, requests = sum(one.seen - one.settled for one in mine), ledger.requests.get(place, 0)
        if records or requests:
            what = f"pending: {records:,} records of {len(mine)} responses, {requests} requests without an answer"
            table.add_row(Text(what, "yellow"), Text(advice.format(campaign=ledger.campaign)))
        for receipt in mine[:SHOWN]:
            table.add_row(Text(f"  {receipt.run_id} {receipt.receipt}", "dim"), Text(receipt.url or "", "dim"))
    return table


def _differences(found: Sequence[Difference]) -> Table:
    table = Table.grid(padding=(0, 2))
    for cause in dict.fromkeys(one.cause for one in found):
        table.add_row(Text(cause, "bold red"), Text(ADVICE[cause]))
        for one in [each for each in found if each.cause == cause][:SHOWN]:
            place = f"run {one.run_id}, receipt {one.receipt}" if one.receipt else "all receipts"
            table.add_row("", Text(f"{place}: {one.expected:,} counted, {one.found:,} in {one.relation}"))
    return table
