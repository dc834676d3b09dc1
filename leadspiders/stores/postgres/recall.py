"""Tells a record what the database knows of it: its id, and what its empty fields hold there.

The stages that follow then see the whole lead, and nothing is bought that is there. The record's own values stay: how
the two become one is decided when they are stored.
"""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.extras import BOUGHT_AS
from leadspiders.rules.likeness import same_company
from leadspiders.rules.precedence import evidence
from leadspiders.stores.postgres.kind import Kind
from leadspiders.stores.postgres.kinds import company_kind, contact_kind
from leadspiders.stores.postgres.lookup import find_companies, find_contacts
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.rows import COMPANY_FIELDS, CONTACT_FIELDS, KeyedHash, Row

T = TypeVar("T", Company, Contact)
Index = dict[tuple[str, object], list[Row]]
"""The rows that have a key, by its column and value."""

# What a person does, and where: it goes with the employer.
_JOB = ("title", "seniority", "city", "state", "country", "metro")
_LASTING = tuple(name for name in (*CONTACT_FIELDS, "provider_key") if name not in _JOB)


async def recall(database: Database, items: Sequence[Contact | Company], keyed_hash: KeyedHash) -> None:
    """Fill `id`, `known` and the empty fields of those that are stored, with one query for all contacts and one or two
    for all companies. A contact's company comes with it, unless the record plainly names another one: then the job that
    the person had there stays there too.
    """
    contacts = [item for item in items if isinstance(item, Contact)]
    companies = [item for item in items if isinstance(item, Company)]
    async with database.connection() as connection:
        known = await _contacts(connection, contacts, contact_kind(keyed_hash))
        companies += [contact.company for contact in contacts]
        await _companies(connection, companies, company_kind(keyed_hash))
    for contact, stored, employer in known:
        if employer in {None, contact.company.id}:
            _fill(contact, stored, _JOB)


async def _contacts(
    connection: Connection, contacts: list[Contact], kind: Kind[Contact]
) -> list[tuple[Contact, Contact, UUID | None]]:
    """Returns those that are stored, what is stored of them, and the id of their employer there."""
    sought = [kind.to_keys(contact) for contact in contacts]
    index = _index(await find_contacts(connection, sought, lock=False), kind)
    known = []
    for contact, keys in zip(contacts, sought, strict=True):
        if stored := _stored(contact, keys, index, kind):
            was = kind.to_item(stored)
            _fill(contact, was, _LASTING)
            contact.company.id = stored["company_id"] or contact.company.id
            known.append((contact, was, stored["company_id"]))
    return known


async def _companies(connection: Connection, companies: list[Company], kind: Kind[Company]) -> None:
    sought = [kind.to_keys(company) | {"id": company.id} for company in companies]
    found = await find_companies(connection, sought, lock=False)
    index, by_id = _index(found, kind), {row["id"]: row for row in found}
    for company, keys in zip(companies, sought, strict=True):
        stored = by_id.get(company.id) if company.id else _stored(company, keys, index, kind)
        if stored and company.id and same_company(company, kind.to_item(stored)).outcome == "different":
            company.id = None  # the person has moved on
            stored = _stored(company, keys, index, kind)
        if stored:
            known = kind.to_item(stored)
            _fill(company, known, (*COMPANY_FIELDS, "provider_key"))
            company.decision_makers = max(company.decision_makers, known.decision_makers)


def _index(found: list[Row], kind: Kind[T]) -> Index:
    index: Index = {}
    for row in found:
        for key in (*kind.keys, *kind.weak):
            if row[key] is not None:
                index.setdefault((key, row[key]), []).append(row)
    return index


def _stored(item: T, keys: Row, index: Index, kind: Kind[T]) -> Row | None:
    """By the surest key, as the writer will judge it. An EIN, or name and place, may be those of several."""
    row: Row | None = None  # of most there is nothing stored, so that they need none
    for key in (*kind.keys, *kind.weak):
        for stored in index.get((key, keys[key]), ()):
            row = row or kind.to_row(item)
            if not kind.differ(key, row, stored) and (key in kind.keys or kind.compatible(row, stored)):
                return stored
    return None


def _fill(item: T, stored: T, names: Sequence[str]) -> None:
    item.id, item.known = stored.id, True
    if isinstance(item, Contact) and item.email is not None and item.email != stored.email:
        names = [name for name in names if name != "email_status"]  # it was said of another address
    if key := stored.extras.get(BOUGHT_AS):
        item.extras.setdefault(BOUGHT_AS, key)
    for name in names:
        if getattr(item, name) is None and getattr(stored, name) is not None:
            setattr(item, name, getattr(stored, name))
            if said := evidence(stored, name):
                item.lineage[name] = said
