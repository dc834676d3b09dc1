"""Reads the leads of deliveries whole: with company and scores, and by what an opt-out may name each."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import dict_row

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.prospects import read_scores
from leadspiders.stores.postgres.rows import Row, opened, read_company, read_contact
from leadspiders.stores.postgres.stored_traits import stored_traits

_PROSPECTS = "SELECT * FROM prospects WHERE campaign = %s AND lead_id = ANY(%s)"
_CONTACTS = "SELECT * FROM contacts WHERE id = ANY(%s)"
_COMPANIES = "SELECT * FROM companies WHERE id = ANY(%s)"


class DueLead(NamedTuple):
    """`traits` are those of its rows, hashed: the employer's, too."""

    lead: Contact | Company
    traits: frozenset[bytes]


async def due_leads(connection: Connection, campaign: str, ids: Sequence[UUID]) -> dict[UUID, DueLead]:
    """Each lead of the campaign by its id."""
    if not ids:
        return {}
    prospects = await _by_id(connection, _PROSPECTS, [campaign, list(ids)], key="lead_id")
    contacts = await _by_id(connection, _CONTACTS, [[row["contact_id"] for row in prospects.values()]])
    opened(connection, "contacts", list(contacts.values()))
    company_ids = [row["company_id"] for row in (*prospects.values(), *contacts.values())]
    companies = await _by_id(connection, _COMPANIES, [company_ids])
    opened(connection, "companies", list(companies.values()))
    found = {}
    for id_, prospect in prospects.items():
        lead: Contact | Company
        if prospect["contact_id"]:
            row = contacts[id_]
            company = companies.get(row["company_id"])
            traits = stored_traits(row) | (stored_traits(company) if company else set())
            lead = read_contact(row, read_company(company) if company else None)
            lead.lead_state = prospect["lead_state"]
        else:
            traits = stored_traits(companies[id_])
            lead = read_company(companies[id_])
        lead.scores = read_scores(prospect)
        found[id_] = DueLead(lead, frozenset(traits))
    return found


async def _by_id(connection: Connection, query: str, values: list[object], key: str = "id") -> dict[UUID, Row]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        return {row[key]: row for row in await cursor.fetchall()}
