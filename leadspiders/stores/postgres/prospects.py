"""What each lead is worth in a campaign: its state, its scores and why. A state never falls back."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, get_args
from uuid import UUID

from psycopg.rows import dict_row

from leadspiders.items.contact import LeadState
from leadspiders.items.scores import Points, Scores
from leadspiders.stores.postgres.copying import Rows
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.rows import Row
from leadspiders.stores.postgres.schema.leads import prospects
from leadspiders.stores.postgres.suppressions import writers_wait
from leadspiders.stores.postgres.tallies import tallies

STATES: tuple[str, ...] = get_args(LeadState)
SUPPRESSED = "suppressed"
"""Somebody who asked not to be contacted: in no list any more, until the opt-out is taken back."""
REJECTED = "rejected"
"""A lead that turned out to be none for the campaign: in no list either, until a record says otherwise."""
_ROWS = Rows(prospects, key=("campaign", "lead_id"), fixed=("contact_id", "company_id", "run_id"))
_line = attrgetter("points", "reason", "evidence")
_STORED = """
SELECT campaign, lead_id, lead_state, quality, quality_points, fit, fit_points, variant, version, is_qualified
  FROM prospects WHERE campaign = %s AND lead_id = ANY(%s)
 ORDER BY lead_id FOR NO KEY UPDATE
"""

_WITHDRAW = """
UPDATE prospects SET lead_state = 'rejected', is_qualified = false, updated_at = now()
 WHERE campaign = %s AND lead_id = ANY(%s) AND lead_state NOT IN ('rejected', 'suppressed')
RETURNING lead_id
"""
# The external id stays: what was sent earlier has to be found again. What is under way ends by itself.
_CALL_OFF = """
UPDATE outbox SET state = 'suppressed', attempts = 0, last_error = NULL, retry_at = NULL, updated_at = now()
 WHERE campaign = %s AND lead_id = ANY(%s) AND state IN ('pending', 'failed', 'dead')
"""


@dataclass(slots=True, kw_only=True)
class Standing:
    """One lead as a batch sees it; `new` says that the lead itself is new, so that no prospect can be there, and
    `willing` that the opt-out list was asked about all its traits and names none."""

    lead_id: UUID
    is_company: bool
    new: bool
    state: str
    scores: Scores | None
    willing: bool = False


async def write_prospects(connection: Connection, campaign: str, run_id: str, leads: Sequence[Standing]) -> set[UUID]:
    """Write the standing of these leads; returns the ids of those whose state or scores are new or changed."""
    known = [lead.lead_id for lead in leads if not lead.new]
    stored: dict[UUID, Row] = {}
    if known:
        async with connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(_STORED, [campaign, known], binary=True)
            stored = {row["lead_id"]: _comparable(row) for row in await cursor.fetchall()}
    added: dict[UUID, Row] = {}
    changed: dict[UUID, Row] = {}
    for lead in leads:
        row = stored.get(lead.lead_id) or added.get(lead.lead_id)
        if row is None:
            added[lead.lead_id] = first_row(campaign, run_id, lead)
        elif _advance(row, lead) and lead.lead_id in stored:
            changed[lead.lead_id] = row
    await _ROWS.insert(connection, list(added.values()))
    await _ROWS.update(connection, list(changed.values()))
    return {*added, *changed}


async def withdraw(database: Database, campaign: str, lead_ids: Sequence[UUID]) -> int:
    """Take leads out of a campaign that turned out to be none for it; what is known and what was sent of them stays."""
    async with database.connection() as connection:
        await writers_wait(connection)
        rows = await (await connection.execute(_WITHDRAW, [campaign, list(lead_ids)])).fetchall()
        gone = [lead_id for (lead_id,) in rows]
        await connection.execute(_CALL_OFF, [campaign, gone])
    return len(gone)


async def qualified_employers(database: Database, campaign: str) -> int:
    """Employers of the campaign that are qualified."""
    async with database.connection() as connection:
        return sum(one.number for one in await tallies(connection, campaign, ["qualified"], leads=["company"]))


def first_row(campaign: str, run_id: str, lead: Standing) -> Row:
    """The row of a lead that is in no list of the campaign yet."""
    return {
        "campaign": campaign,
        "lead_id": lead.lead_id,
        "contact_id": None if lead.is_company else lead.lead_id,
        "company_id": lead.lead_id if lead.is_company else None,
        "lead_state": lead.state,
        "run_id": run_id,
        **_scored(lead.scores),
    } | ({"is_qualified": False} if lead.state == SUPPRESSED else {})


def _advance(row: Row, lead: Standing) -> bool:
    before = dict(row)
    if lead.scores:
        row.update(_scored(lead.scores))
    if lead.state == SUPPRESSED or (row["lead_state"] == SUPPRESSED and not lead.willing):
        row.update(lead_state=SUPPRESSED, is_qualified=False)
    elif row["lead_state"] in {SUPPRESSED, REJECTED} or STATES.index(lead.state) > STATES.index(row["lead_state"]):
        row["lead_state"] = lead.state
    return row != before


def _comparable(row: Row) -> Row:
    """A stored row with its lines in the form that `_scored` gives them."""
    for name in ("quality_points", "fit_points"):
        row[name] = row[name] and [*map(tuple, row[name])]
    return row


def _scored(scores: Scores | None) -> dict[str, Any]:
    if scores is None:
        none = dict.fromkeys(("quality", "quality_points", "fit", "fit_points", "variant", "version"))
        return none | {"is_qualified": False}
    return {
        "quality": scores.quality,
        "quality_points": [*map(_line, scores.quality_points)],
        "fit": scores.fit,
        "fit_points": [*map(_line, scores.fit_points)],
        "variant": scores.variant,
        "version": scores.version,
        "is_qualified": scores.is_qualified,
    }


def read_scores(row: Row) -> Scores | None:
    """The scores of a prospect's row, None before the first scoring."""
    if row["quality"] is None or row["fit"] is None:
        return None
    return Scores(
        quality=row["quality"],
        quality_points=[_points(line) for line in row["quality_points"]],
        fit=row["fit"],
        fit_points=[_points(line) for line in row["fit_points"]],
        variant=row["variant"],
        version=row["version"],
        is_qualified=row["is_qualified"],
    )


def _points(line: list[Any]) -> Points:
    points, reason, evidence = line
    return Points(points=points, reason=reason, evidence=evidence)
