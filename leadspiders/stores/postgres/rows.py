"""Between items and rows: what of a company or contact goes into which column, and back.

A row is a plain dict of columns. It is the one place that knows both sides, so that what a column holds (a hash beside
a value, lineage in its compact form) is decided here for the writer, the recall and the delivery alike.
"""

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.origin import Origin
from leadspiders.rules.identity import company_block, company_keys, contact_block, contact_keys
from leadspiders.rules.suppression import email_domain
from leadspiders.stores.postgres.lineage import unpacked
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.schema.leads import companies, contacts
from leadspiders.stores.postgres.sealed import AS_READ, SealedColumns
from leadspiders.stores.postgres.text import storable

KeyedHash = Callable[[str, str], bytes]
"""`(kind, value) -> 16 bytes`: an identity nobody can turn back without the key."""

Row = dict[str, Any]

_ELSEWHERE = {"id", "known", "scores", "origin", "company", "lead_state", "lineage", "extras", "flags", "provider_key"}
COMPANY_FIELDS = tuple(field.name for field in fields(Company) if field.name not in _ELSEWHERE)
CONTACT_FIELDS = tuple(field.name for field in fields(Contact) if field.name not in _ELSEWHERE)
"""Fields that are columns of the same name. `provider_key` of the item is the column `provider_id`."""

_GETTERS = {names: attrgetter(*names) for names in (COMPANY_FIELDS, CONTACT_FIELDS)}
_SEALED = {table.name: SealedColumns(table) for table in (companies, contacts)}

ORIGIN = ("source", "collected_at", "run_id", "receipt", "record_index")


def opened(connection: Connection, table: str, rows: list[Row]) -> list[Row]:
    """Rows of a table as they came from the database, with what lies sealed in them in clear."""
    for row in rows:
        row[AS_READ] = _SEALED[table].open(connection.vault, row)
    return rows


def shown(connection: Connection, table: str, row: Row) -> Row:
    """The same for a row that is never written: some columns of a table, or a view of it with the ids of its rows."""
    _SEALED[table].open(connection.vault, row)
    return row


def company_row(company: Company, keyed_hash: KeyedHash) -> Row:
    """What a company knows of itself, as columns."""
    row, block = _fields(company, COMPANY_FIELDS), company_block(company)
    row.update(company_keys_row(company, keyed_hash))
    row["block_key"] = block and keyed_hash("block", block)
    return row


def company_keys_row(company: Company, keyed_hash: KeyedHash) -> Row:
    """The columns of it by which a company is found."""
    keys = company_keys(company)
    return {
        "uei": keys.uei,
        "cage": keys.cage,
        "ein": keys.ein,
        "domain_key": keys.domain and keyed_hash("domain", keys.domain),
        "provider_key": keys.provider and keyed_hash("provider", keys.provider),
        "name_place_key": keys.name_place and keyed_hash("name_place", keys.name_place),
    }


def contact_row(contact: Contact, keyed_hash: KeyedHash) -> Row:
    """What a contact knows of itself, as columns. Its company is a row of its own."""
    row, block = _fields(contact, CONTACT_FIELDS), contact_block(contact)
    row["flags"] = contact.flags
    row.update(contact_keys_row(contact, keyed_hash))
    row["email_hash"] = row["email_key"] or (contact.email and keyed_hash("email", contact.email.lower()))
    row["block_key"] = block and keyed_hash("block", block)
    row["phone_hash"] = contact.phone and keyed_hash("phone", contact.phone)
    domain = email_domain(contact.email)
    row["email_domain_key"] = domain and keyed_hash("domain", domain)
    return row


def contact_keys_row(contact: Contact, keyed_hash: KeyedHash) -> Row:
    """The columns of it by which a contact is found."""
    keys = contact_keys(contact)
    return {
        "linkedin_key": keys.linkedin and keyed_hash("linkedin", keys.linkedin),
        "email_key": keys.email and keyed_hash("email", keys.email),
        "provider_key": keys.provider and keyed_hash("provider", keys.provider),
    }


def origin_row(origin: Origin | None) -> Row:
    """Where the record that made a row came from, as columns."""
    if origin is None:
        return dict.fromkeys(ORIGIN)
    return dict(
        zip(ORIGIN, (origin.source, origin.fetched_at, origin.run_id, origin.receipt, origin.index), strict=True)
    )


def read_origin(row: Row) -> Origin | None:
    """Where the record that made a row came from; its URL is not in the row."""
    if row.get("source") is None or row.get("collected_at") is None:
        return None
    return Origin(
        source=row["source"],
        url="",
        fetched_at=row["collected_at"],
        run_id=row["run_id"] or "",
        receipt=row["receipt"] or "",
        index=row["record_index"] or 0,
    )


def read_company(row: Row) -> Company:
    """The company of a row."""
    return Company(
        **{name: row[name] for name in COMPANY_FIELDS},
        provider_key=row["provider_id"],
        extras=row["extras"],
        lineage=unpacked(row["lineage"]),
        origin=read_origin(row),
        id=row["id"],
        known=True,
    )


def read_contact(row: Row, company: Company | None = None) -> Contact:
    """The contact of a row, with its company. Its state in a campaign is not in the row."""
    return Contact(
        **{name: row[name] for name in CONTACT_FIELDS},
        provider_key=row["provider_id"],
        company=company or Company(),
        flags=list(row["flags"]),
        extras=row["extras"],
        lineage=unpacked(row["lineage"]),
        origin=read_origin(row),
        id=row["id"],
        known=True,
    )


def _fields(item: Company | Contact, names: tuple[str, ...]) -> Row:
    values = _GETTERS[names](item)
    row: Row = dict(zip(names, values, strict=True))
    row["provider_id"], row["extras"], row["lineage"] = item.provider_key, item.extras, item.lineage
    texts = "".join([value for value in values if value.__class__ is str])
    if "" in values or not texts.isascii() or "\0" in texts:  # one look at all is a third of one at each
        pairs = zip(names, values, strict=True)
        row.update((name, storable(value) or None) for name, value in pairs if isinstance(value, str))
    return row
