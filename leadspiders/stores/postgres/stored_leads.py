"""The leads of a campaign as items, streamed: what is scored anew, or looked at as a whole."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.rows import Row, opened, read_company, read_contact

AT_ONCE = 1_000
_NEXT = """
SELECT p.lead_id, p.contact_id, p.company_id, p.lead_state, p.quality, p.fit, p.variant, p.is_qualified
  FROM prospects p
 WHERE p.campaign = %s AND (p.contact_id IS NULL) = %s AND p.lead_id > %s
   AND p.lead_state NOT IN ('rejected', 'suppressed')
 ORDER BY p.lead_id LIMIT %s
"""
_CONTACTS = "SELECT * FROM contacts WHERE id = ANY(%s)"
_COMPANIES = "SELECT * FROM companies WHERE id = ANY(%s)"
_FIRST = UUID(int=0)


async def stored_leads(database: Database, campaign: str, *, lead: str) -> AsyncIterator[tuple[Row, Contact | Company]]:
    """`(prospect, item)` of each lead in the order of the ids, `AT_ONCE` a query: a million need no more memory.

    `lead` is what the campaign counts, `contact` or `company`. The prospect holds state, scores, variant and verdict.
    """
    after = _FIRST
    while True:
        async with database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(_NEXT, [campaign, lead == "company", after, AT_ONCE])
            prospects = await cursor.fetchall()
            await cursor.execute(_CONTACTS, [[row["contact_id"] for row in prospects if row["contact_id"]]])
            people = {row["id"]: row for row in opened(connection, "contacts", await cursor.fetchall())}
            employers = {row["company_id"] for row in [*people.values(), *prospects]} - {None}
            await cursor.execute(_COMPANIES, [list(employers)])
            companies = {row["id"]: row for row in opened(connection, "companies", await cursor.fetchall())}
        for prospect in prospects:
            yield prospect, _item(prospect, people, companies)
        if len(prospects) < AT_ONCE:
            return
        after = prospects[-1]["lead_id"]


def _item(prospect: Row, people: dict[Any, Row], companies: dict[Any, Row]) -> Contact | Company:
    if prospect["contact_id"] is None:
        return read_company(companies[prospect["company_id"]])
    row = people[prospect["contact_id"]]
    employer = companies.get(row["company_id"])
    return read_contact(row, read_company(employer) if employer else None)
