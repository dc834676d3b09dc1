"""Tells a record what the database knows of it: its id, and what its empty fields hold there.

The stages that follow then see the whole lead, and nothing is bought that is there. The record's own values stay: how
the two become one is decided when they are stored.
"""

from collections.abc import Sequence
from typing import TypeVar

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.identity import same_company
from leadspiders.stores.postgres.book import Kind
from leadspiders.stores.postgres.kinds import company_kind, contact_kind
from leadspiders.stores.postgres.lookup import find_companies, find_contacts
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.rows import COMPANY_FIELDS, CONTACT_FIELDS, KeyedHash, Row

T = TypeVar("T", Company, Contact)


async def recall(database: Database, items: Sequence[Contact | Company], keyed_hash: KeyedHash) -> None:
    """Fill `id`, `known` and the empty fields of those that are stored, with one query for all contacts and one or two
    for all companies. A contact's company comes with it, unless the record plainly names another one.
    """
    contacts = [item for item in items if isinstance(item, Contact)]
    companies = [item for item in items if isinstance(item, Company)]
    async with database.connection() as connection:
        employers = await _contacts(connection, contacts, contact_kind(keyed_hash))
        companies += [contact.company for contact in contacts if contact.company.id is None]
        await _companies(connection, [*companies, *employers], company_kind(keyed_hash))


async def _contacts(connection: Connection, contacts: list[Contact], kind: Kind[Contact]) -> list[Company]:
    """Returns the companies of the stored ones, by id only."""
    rows = [kind.to_row(contact) for contact in contacts]
    index = _index(await find_contacts(connection, rows, lock=False), kind)
    employers = []
    for contact, row in zip(contacts, rows, strict=True):
        if stored := _stored(row, index, kind):
            _fill(contact, kind.to_item(stored), (*CONTACT_FIELDS, "provider_key"))
            if stored["company_id"]:
                contact.company.id = stored["company_id"]
                employers.append(contact.company)
    return employers


async def _companies(connection: Connection, companies: list[Company], kind: Kind[Company]) -> None:
    rows = [kind.to_row(company) for company in companies]
    wanted = [row | {"id": company.id} for company, row in zip(companies, rows, strict=True)]
    found = await find_companies(connection, wanted, lock=False)
    index, by_id = _index(found, kind), {row["id"]: row for row in found}
    for company, row in zip(companies, rows, strict=True):
        stored = by_id.get(company.id) if company.id else _stored(row, index, kind)
        if stored and company.id and same_company(company, kind.to_item(stored)).outcome == "different":
            company.id = None  # the person has moved on
            stored = _stored(row, index, kind)
        if stored:
            _fill(company, kind.to_item(stored), (*COMPANY_FIELDS, "provider_key"))


def _index(found: list[Row], kind: Kind[T]) -> dict[tuple[str, object], Row]:
    keys = (*kind.keys, kind.weak) if kind.weak else tuple(kind.keys)
    return {(key, row[key]): row for row in reversed(found) for key in keys if row[key] is not None}


def _stored(row: Row, index: dict[tuple[str, object], Row], kind: Kind[T]) -> Row | None:
    """By the surest key. Name and place alone do not say which of two firms it is, once a UEI or domain differs."""
    for key in kind.keys:
        if row[key] is not None and (stored := index.get((key, row[key]))):
            return stored
    weak = kind.weak and row[kind.weak] and index.get((kind.weak, row[kind.weak]))
    if weak and not any(row[key] and weak[key] and row[key] != weak[key] for key in kind.keys if key != "provider_key"):
        return weak
    return None


def _fill(item: T, stored: T, names: Sequence[str]) -> None:
    item.id, item.known = stored.id, True
    if isinstance(item, Contact) and item.email is not None and item.email != stored.email:
        names = [name for name in names if name != "email_status"]  # it was said of another address
    for name in names:
        if getattr(item, name) is None and getattr(stored, name) is not None:
            setattr(item, name, getattr(stored, name))
            if name in stored.lineage:
                item.lineage[name] = stored.lineage[name]
