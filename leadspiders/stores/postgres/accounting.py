"""Whether the ledger adds up: what was seen, against what became of it.

Two counts that are written apart are held against each other: the outcomes by name, and the places on the receipts that
are settled. A record that was lost, or counted twice, sets them apart.
"""

from dataclasses import dataclass, field

from leadspiders.stores.postgres.pool import Connection

_RUNS = """
SELECT run_id FROM receipts WHERE {scope} GROUP BY run_id ORDER BY min(opened_at), run_id
"""
# One statement, so that both counts are of the same moment while workers go on writing.
_COUNTS = """
SELECT (SELECT coalesce(sum(seen), 0)::int FROM receipts WHERE {scope}),
       (SELECT coalesce(sum(cardinality(settled)), 0)::int FROM receipts WHERE {scope}),
       (SELECT coalesce(jsonb_object_agg(outcome, number), '{{}}') FROM (
          SELECT outcome, sum(number::int)::int AS number
            FROM receipts, jsonb_each_text(counts) AS c (outcome, number) WHERE {scope} GROUP BY outcome) AS by_outcome)
"""
_OPEN = """
SELECT run_id, receipt, source, url, seen, cardinality(settled) FROM receipts
 WHERE {scope} AND cardinality(settled) <> seen ORDER BY opened_at LIMIT %(limit)s
"""
_CAMPAIGN, _RUN = "campaign = %(campaign)s", "campaign = %(campaign)s AND run_id = %(run_id)s"


@dataclass(slots=True, kw_only=True)
class Account:
    """Records of a campaign or run. `refused` and `parked` are by reason."""

    seen: int
    settled: int
    stored: int = 0
    merged: int = 0
    suppressed: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    parked: dict[str, int] = field(default_factory=dict)

    @property
    def pending(self) -> int:
        """Announced, and without an outcome yet."""
        return self.seen - self.settled

    @property
    def balanced(self) -> bool:
        """Whether every record that was seen is in exactly one place."""
        outcomes = self.stored + self.merged + self.suppressed + sum(self.refused.values()) + sum(self.parked.values())
        return outcomes == self.settled and self.pending >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReceipt:
    """A response of which records are still without an outcome (or have one too many)."""

    run_id: str
    receipt: str
    source: str
    url: str | None
    seen: int
    settled: int


async def account(connection: Connection, campaign: str, run_id: str | None = None) -> Account:
    """The account of a campaign, or of one of its runs."""
    scope, values = (_RUN if run_id else _CAMPAIGN), {"campaign": campaign, "run_id": run_id}
    row = await (await connection.execute(_COUNTS.format(scope=scope), values)).fetchone()
    assert row
    found = Account(seen=row[0], settled=row[1])
    for outcome, number in sorted(row[2].items()):
        kind, _, reason = outcome.partition(":")
        match kind:
            case "refused":
                found.refused[reason] = number
            case "parked":
                found.parked[reason] = number
            case _:
                setattr(found, kind, number)
    return found


async def account_by_run(connection: Connection, campaign: str, run_id: str | None = None) -> dict[str, Account]:
    """The account of each run of a campaign, the oldest first."""
    scope, values = (_RUN if run_id else _CAMPAIGN), {"campaign": campaign, "run_id": run_id}
    rows = await (await connection.execute(_RUNS.format(scope=scope), values)).fetchall()
    return {found: await account(connection, campaign, found) for (found,) in rows}


async def open_receipts(
    connection: Connection, campaign: str, limit: int = 100, *, run_id: str | None = None
) -> list[OpenReceipt]:
    """Responses that are not settled, the oldest first: where to look when records are pending."""
    values = {"campaign": campaign, "run_id": run_id, "limit": limit}
    query = _OPEN.format(scope=_RUN if run_id else _CAMPAIGN)
    rows = await (await connection.execute(query, values)).fetchall()
    names = OpenReceipt.__slots__
    return [OpenReceipt(**dict(zip(names, row, strict=True))) for row in rows]
