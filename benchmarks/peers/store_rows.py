"""The plain ways into the same four tables: raw COPY, executemany, and an INSERT and commit for each record.

Raw COPY makes its rows of the records as it goes, sealed and hashed as the tables want them, a company for each name it
has not met, and looks nothing up. The others, and a second COPY, are given rows that are ready: what the
writer stored, with new ids and keys.
"""

import os
from collections.abc import Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.copying import Rows
from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.prospects import Standing, first_row
from leadspiders.stores.postgres.rows import KeyedHash, Row, company_row, contact_row, origin_row
from leadspiders.stores.postgres.schema.leads import companies as companies_table
from leadspiders.stores.postgres.schema.leads import contacts as contacts_table
from leadspiders.stores.postgres.schema.leads import prospects as prospects_table
from leadspiders.stores.postgres.sealed import Vault

TABLES = ("companies", "contacts", "prospects", "outbox")
BATCH = 500
_KEYS = ("linkedin_key", "email_key", "email_hash", "domain_key", "provider_key", "name_place_key", "block_key")
_IDS = ("id", "company_id", "contact_id", "lead_id")
_NOT_WRITTEN = {"employee_range", "verified", "created_at", "updated_at"}

JSONB = 3802
_WRITTEN = (
    Rows(companies_table, key=("id",)),
    Rows(contacts_table, key=("id",)),
    Rows(prospects_table, key=("campaign", "lead_id")),
)
_OUTBOX = "COPY outbox (campaign, destination, lead_id) FROM STDIN"

Batch = dict[str, list[tuple[Any, ...]]]
"""Rows by table, those of one transaction."""


class Shape:
    """What the four tables hold of one lead's record, and how it is written."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._stored: dict[str, list[dict[str, Any]]] = {}
        self._columns: dict[str, list[str]] = {}
        self._documents: set[str] = set()
        first = f"SELECT id, company_id FROM contacts ORDER BY id LIMIT {BATCH}"
        people, employers = map(list, zip(*connection.execute(first).fetchall(), strict=True))
        of_people = dict.fromkeys(TABLES, ("lead_id", people))
        for table, (key, ids) in (of_people | {"companies": ("id", employers), "contacts": ("id", people)}).items():
            cursor = connection.execute(f"SELECT * FROM {table} WHERE {key} = ANY(%s) ORDER BY {key}", [ids])
            names = [column.name for column in cursor.description or ()]
            left_out = _NOT_WRITTEN | ({"id"} if table == "outbox" else set())
            self._columns[table] = [name for name in names if name not in left_out]
            documents = {column.name for column in cursor.description or () if column.type_code == JSONB}
            self._documents |= documents
            self._stored[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def batches(self, number: int) -> list[Batch]:
        """So many leads, 500 a transaction, under ids and keys that nobody has."""
        return [self._batch(min(BATCH, number - first)) for first in range(0, number, BATCH)]

    def _batch(self, number: int) -> Batch:
        ids: dict[UUID, UUID] = {}
        made: Batch = {}
        people = {row["id"] for row in self._stored["contacts"][:number]}
        employers = {row["company_id"] for row in self._stored["contacts"][:number]}
        wanted = {"companies": employers, "contacts": people, "prospects": people, "outbox": people}
        for table in TABLES:
            key = "id" if table in {"companies", "contacts"} else "lead_id"
            rows = sorted((row for row in self._stored[table] if row[key] in wanted[table]), key=itemgetter(key))
            made[table] = [tuple(self._value(name, row[name], ids) for name in self._columns[table]) for row in rows]
        return made

    def _value(self, name: str, value: Any, ids: dict[UUID, UUID]) -> Any:
        if name in _IDS and value is not None:
            return ids.setdefault(value, new_id())
        if name in _KEYS and value is not None:
            return os.urandom(16)
        return Jsonb(value) if name in self._documents and value is not None else value

    def copy(self, table: str) -> sql.Composed:
        """The COPY of a table."""
        names = sql.SQL(", ").join(map(sql.Identifier, self._columns[table]))
        return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)

    def insert(self, table: str) -> sql.Composed:
        """The INSERT of a table."""
        names = sql.SQL(", ").join(map(sql.Identifier, self._columns[table]))
        values = sql.SQL(", ").join([sql.Placeholder()] * len(self._columns[table]))
        return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, values)


def raw_copy(
    connection: psycopg.Connection[Any], shape: Shape, batches: Sequence[Batch], tables: Sequence[str] = TABLES
) -> None:
    """COPY into these tables, a transaction a batch."""
    for batch in batches:
        with connection.transaction():
            for table in tables:
                with connection.cursor() as cursor, cursor.copy(shape.copy(table)) as copy:
                    for row in batch[table]:
                        copy.write_row(row)


def raw_copy_of_records(
    connection: psycopg.Connection[Any],
    people: Sequence[Contact],
    keyed_hash: KeyedHash,
    vault: Vault,
    campaign: str,
) -> None:
    """COPY of records as they come from the stages, 500 a transaction: new for sure, wanted by one destination."""
    met: dict[str | None, UUID] = {}
    for first in range(0, len(people), BATCH):
        rows = _rows(people[first : first + BATCH], keyed_hash, campaign, met)
        with connection.transaction():
            for table, of_table in zip(_WRITTEN, rows, strict=True):
                with connection.cursor() as cursor, cursor.copy(table.copy) as copy:
                    for row in of_table:
                        copy.write_row(table.copied(vault, row))
            with connection.cursor() as cursor, cursor.copy(_OUTBOX) as copy:
                for row in rows[2]:
                    copy.write_row((campaign, "hubspot", row["lead_id"]))


def _rows(
    people: Sequence[Contact], keyed_hash: KeyedHash, campaign: str, met: dict[str | None, UUID]
) -> tuple[list[Row], list[Row], list[Row]]:
    companies: list[Row] = []
    contacts: list[Row] = []
    prospects: list[Row] = []
    for person in people:
        origin = origin_row(person.origin)
        assert person.scores
        if (employer := met.get(person.company.name)) is None:
            employer = met[person.company.name] = new_id()
            row = company_row(person.company, keyed_hash) | origin
            row |= {"id": employer, "record_index": None, "lead_score": person.scores.fit, "traits": None}
            companies.append(row)
        row = contact_row(person, keyed_hash) | origin
        row |= {"id": new_id(), "company_id": employer, "traits": None}
        contacts.append(row)
        standing = Standing(
            lead_id=row["id"], is_company=False, new=True, state=person.lead_state, scores=person.scores
        )
        prospects.append(first_row(campaign, "run", standing))
    return companies, contacts, prospects


def executemany(connection: psycopg.Connection[Any], shape: Shape, batches: Sequence[Batch]) -> None:
    """INSERTs in psycopg's pipeline, a transaction a batch."""
    for batch in batches:
        with connection.transaction(), connection.cursor() as cursor:
            for table in TABLES:
                cursor.executemany(shape.insert(table), batch[table])


def one_by_one(connection: psycopg.Connection[Any], shape: Shape, batches: Sequence[Batch]) -> None:
    """What a plain item pipeline does: INSERTs and a commit for each lead."""
    inserts = {table: shape.insert(table) for table in TABLES}
    for batch in batches:
        employers = {row[0]: row for row in batch["companies"]}
        leads = zip(batch["contacts"], batch["prospects"], batch["outbox"], strict=True)
        for contact, prospect, delivery in leads:
            if employer := employers.pop(contact[1], None):
                connection.execute(inserts["companies"], employer)
            connection.execute(inserts["contacts"], contact)
            connection.execute(inserts["prospects"], prospect)
            connection.execute(inserts["outbox"], delivery)
            connection.commit()
