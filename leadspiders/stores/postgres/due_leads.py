"""Reads the leads of deliveries whole: with company and scores, and by what an opt-out may name each."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import dict_row

from leadspiders.errors import SetupError
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


class Unreadable(NamedTuple):
    """A lead of which something lies damaged, or under a key that is not here."""

    reason: str


async def due_leads(connection: Connection, campaign: str, ids: Sequence[UUID]) -> dict[UUID, DueLead | Unreadable]:
    """Each lead of the campaign by its id. One that cannot be read keeps nobody else from being delivered."""
    if not ids:
        return {}
    prospects = await _by_id(connection, _PROSPECTS, [campaign, list(ids)], key="lead_id")
    contacts = await _by_id(connection, _CONTACTS, [[row["contact_id"] for row in prospects.values()]])
    broken = _opened(connection, "contacts", contacts)
    company_ids = [row["company_id"] for row in (*prospects.values(), *contacts.values())]
    companies = await _by_id(connection, _COMPANIES, [company_ids])
    broken |= _opened(connection, "companies", companies)
    found: dict[UUID, DueLead | Unreadable] = {}
    for id_, prospect in prospects.items():
        lead: Contact | Company
        employer = contacts[id_]["company_id"] if prospect["contact_id"] else None
        if reason := broken.get(id_) or broken.get(employer):
            found[id_] = Unreadable(reason)
            continue
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


def _opened(connection: Connection, table: str, rows: dict[UUID, Row]) -> dict[UUID | None, str]:
    """Open what lies sealed in the rows; returns why, for each that does not open."""
    broken: dict[UUID | None, str] = {}
    for id_, row in rows.items():
        try:
            opened(connection, table, [row])
        except SetupError as error:
            broken[id_] = str(error)
    return broken


async def _by_id(connection: Connection, query: str, values: list[object], key: str = "id") -> dict[UUID, Row]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        return {row[key]: row for row in await cursor.fetchall()}
