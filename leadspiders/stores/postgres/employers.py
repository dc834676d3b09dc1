"""The stored employers of a campaign that a source should be asked about, a thousand at a time, by their domains."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from leadspiders.stores.postgres.pool import Database

_NEXT = """
SELECT c.id, c.domain FROM companies c
 WHERE c.id > %(after)s AND c.domain_key IS NOT NULL AND c.domain IS NOT NULL AND c.marketing_use <> 'no'
   AND (EXISTS (SELECT 1 FROM prospects p WHERE p.company_id = c.id AND p.campaign = %(campaign)s
                   AND p.lead_state <> 'rejected')
        OR EXISTS (SELECT 1 FROM contacts k JOIN prospects p ON p.contact_id = k.id
                    WHERE k.company_id = c.id AND p.campaign = %(campaign)s AND p.lead_state <> 'rejected'))
   AND (%(not_from)s::text IS NULL OR c.source IS DISTINCT FROM %(not_from)s)
   AND (%(people)s::int IS NULL OR %(people)s > (SELECT count(*) FROM contacts k WHERE k.company_id = c.id))
 ORDER BY c.id LIMIT %(limit)s
"""
_NAMES = "SELECT domain, name FROM companies WHERE domain = ANY(%s) AND domain_key IS NOT NULL AND name IS NOT NULL"
_FIRST = UUID(int=0)


async def domains(
    database: Database,
    campaign: str,
    *,
    at_once: int,
    fewer_people_than: int | None = None,
    not_from: str | None = None,
) -> AsyncIterator[tuple[str, ...]]:
    """Domains of the campaign's employers in groups of `at_once`, the oldest first.

    Only those with fewer stored people than that, or those that another source brought first: as that never changes,
    neither do the groups, and what was bought of a group is found again. A free-mail host is no domain.
    """
    values = {"campaign": campaign, "people": fewer_people_than, "not_from": not_from, "limit": at_once}
    after = _FIRST
    while True:
        async with database.connection() as connection:
            rows = await (await connection.execute(_NEXT, values | {"after": after})).fetchall()
        if rows:
            yield tuple(domain for _, domain in rows)
        if len(rows) < at_once:
            return
        after = rows[-1][0]


async def names_of(database: Database, asked: Sequence[str]) -> list[tuple[str, str]]:
    """Domain and name of the stored employers with these domains."""
    async with database.connection() as connection:
        return await (await connection.execute(_NAMES, [list(asked)])).fetchall()
