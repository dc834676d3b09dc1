"""Recognizes records that a COMMIT in doubt did store: the line broke, and nobody said whether it had gone through.

Whoever has a key is found by it. A record without one would be stored twice, were it not for its place: its row names
the response and where in it the record stood.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from uuid import UUID

from psycopg import sql

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.drafts import Draft, Lead
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.receipts import hold

# Ids ascend with time: what was stored since then lies at the end of the primary key.
_MADE = (
    "SELECT run_id, receipt, record_index, id FROM {} WHERE id > %s AND (run_id, receipt, record_index) IN"
    " (SELECT * FROM unnest(%s::text[], %s::text[], %s::int[]))"
)

Place = tuple[str, str, int]


async def recognized(connection: Connection, drafts: Sequence[Draft], since: UUID) -> list[Draft]:
    """The drafts, those of which a row was made after the id `since` with the id of that row.

    A COMMIT that the server has not done with holds the receipts: it is waited for.
    """
    await hold(connection, [place[:2] for one in drafts if (place := _place(one.lead))])
    known: dict[Place, UUID] = {}
    for kind, table in ((Company, "companies"), (Contact, "contacts")):
        places = [place for one in drafts if isinstance(one.lead, kind) and (place := _place(one.lead))]
        if places:
            query = sql.SQL(_MADE).format(sql.Identifier(table))
            columns = [list(column) for column in zip(*places, strict=True)]
            rows = await (await connection.execute(query, [since, *columns])).fetchall()
            known.update(((run_id, receipt, index), id_) for run_id, receipt, index, id_ in rows)
    return [_under(one, known.get(place)) if known and (place := _place(one.lead)) else one for one in drafts]


def _place(lead: Lead) -> Place | None:
    origin = lead.origin
    return (origin.run_id, origin.receipt, origin.index) if origin and lead.id is None else None


def _under(draft: Draft, id_: UUID | None) -> Draft:
    """The draft of a lead that has this id, which its record on the way through the stages need not know."""
    if id_ is None:
        return draft
    lead = copy(draft.lead)
    lead.id = id_
    return replace(draft, lead=lead, company=lead if isinstance(lead, Company) else draft.company)
