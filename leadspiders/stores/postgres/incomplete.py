"""Stored leads that a provider may still add to: what had no budget or provider when it came waits here."""

from collections.abc import Sequence
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.kinds import company_kind, contact_kind
from leadspiders.stores.postgres.lookup import find_companies, find_contacts
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.rows import KeyedHash

# Whoever fits best comes first: the budget may not reach for all.
_IDS = """
SELECT p.lead_id FROM prospects p LEFT JOIN contacts c ON c.id = p.contact_id
 WHERE p.campaign = %s
   AND (p.lead_state IN ('raw', 'identified', 'enriched')
        OR (p.lead_state = 'ready' AND p.contact_id IS NOT NULL AND NOT c.verified))
 ORDER BY p.fit DESC NULLS LAST, p.quality DESC NULLS LAST, p.lead_id LIMIT %s
"""


async def incomplete(database: Database, campaign: str, *, limit: int | None = None) -> list[UUID]:
    """Ids of the campaign's leads that are not ready, or are people without a verified address; the best first, and all
    of them without `limit`."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_IDS, [campaign, limit])).fetchall()
    return [lead_id for (lead_id,) in rows]


async def stored_leads(database: Database, ids: Sequence[UUID], keyed_hash: KeyedHash) -> list[Contact | Company]:
    """What is stored under these ids, in their order; people come with their employers."""
    companies, people = company_kind(keyed_hash), contact_kind(keyed_hash)
    async with database.connection() as connection:
        contacts = await find_contacts(connection, [{"id": id_} for id_ in ids], lock=False)
        employers = [row["company_id"] for row in contacts if row["company_id"]]
        rows = await find_companies(connection, [{"id": id_} for id_ in {*ids, *employers}], lock=False)
    of_id = {row["id"]: row for row in rows}
    leads: dict[UUID, Contact | Company] = {row["id"]: companies.to_item(row) for row in rows}
    for row in contacts:
        contact = people.to_item(row)
        if row["company_id"] in of_id:
            contact.company = companies.to_item(of_id[row["company_id"]])
        leads[row["id"]] = contact
    return [leads[id_] for id_ in ids if id_ in leads]
