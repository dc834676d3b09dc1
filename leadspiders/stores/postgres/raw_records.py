"""Raw records: the bodies that sources sent, compressed and sealed, once a month and campaign however often they came.

A month is a table of its own, so that retention drops it in no time and leaves no dead rows behind. It is made by the
first who keeps something in the month before, since a crawl does not stop at midnight.
"""

import hashlib
import zlib
from datetime import UTC, date, datetime
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import sql

from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.sealed import place

SCHEMA = "raw_months"
# Beside level 6 it takes half (pages of Apollo, 42 kB) to a quarter (slices of BLS, 295 kB) of the time, and 16 to 19 %
# more room; measured on what the sandbox sends.
LEVEL = 1

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('leadspiders raw months', 0))"
# Not to_regclass: it answers from a cache, which a table that was made while the lock was waited for is not in yet.
_THERE = "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname || '.' || tablename = %s)"
MONTHS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE i.inhparent = 'raw_records'::regclass AND n.nspname = %s ORDER BY 1
"""
"""The names of the tables of all months in a schema, the oldest first."""
# Attached, not made as a part: that would lock out whoever reads or writes another month.
_MAKE = sql.SQL("CREATE TABLE {table} (LIKE raw_records INCLUDING ALL, CHECK (month = {month}))")
_ATTACH = sql.SQL("ALTER TABLE raw_records ATTACH PARTITION {table} FOR VALUES FROM ({month}) TO ({end})")
_WHEN = """
SELECT received_at < now() - interval '1 hour' FROM raw_records WHERE month = %s AND campaign = %s AND hash = %s
"""
_CAME_AGAIN = "UPDATE raw_records SET received_at = now() WHERE month = %s AND campaign = %s AND hash = %s"
_KEEP = """
INSERT INTO raw_records (month, campaign, hash, source, size, body) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_READ = """
SELECT w.month, w.campaign, w.hash, w.body FROM receipts r
  JOIN raw_records w ON w.month = r.raw_month AND w.campaign = r.campaign AND w.hash = r.raw_hash
 WHERE r.receipt = %s
"""
_OF_RUN = " AND r.run_id = %s"
_LAST = " ORDER BY r.opened_at DESC LIMIT 1"

_made: WeakKeyDictionary[Database, set[date]] = WeakKeyDictionary()  # months that this process knows to be there


async def make_ready(database: Database) -> date:
    """Have the tables of this month and the next, in a transaction of their own; returns this month's first day."""
    month = datetime.now(UTC).date().replace(day=1)
    known = _made.setdefault(database, set())
    if month not in known:
        async with database.connection() as connection:
            for one in (month, following(month)):
                await _make(connection, one)
        known.add(month)
    return month


async def keep(connection: Connection, month: date, *, campaign: str, source: str, body: bytes) -> bytes:
    """Keep a body within the transaction of its receipt; returns the hash by which the month's record is found."""
    digest = hashlib.sha256(body).digest()
    key = (month, campaign, digest)
    kept = await (await connection.execute(_WHEN, key)).fetchone()
    if kept is None:
        sealed = connection.vault.seal(zlib.compress(body, LEVEL), _place(*key))
        await connection.execute(_KEEP, [*key, source, len(body), sealed])
    elif kept[0]:
        await connection.execute(_CAME_AGAIN, key)
    return digest


async def raw_record(database: Database, *, receipt: str, run_id: str | None = None) -> bytes | None:
    """The body that came with a receipt, in that run or the last that had it; None when there was none or retention
    dropped it.

    A response of more than a thousand records has several receipts, `<response>.<number>`: the first has the body.
    """
    first = f"{receipt.rpartition('.')[0]}.0" if "." in receipt else receipt
    async with database.connection() as connection:
        if run_id is None:
            found = await connection.execute(_READ + _LAST, [first])
        else:
            found = await connection.execute(_READ + _OF_RUN, [first, run_id])
        row = await found.fetchone()
        if not row:
            return None
        *key, body = row
        return zlib.decompress(connection.vault.open(body, _place(*key)))


def _place(month: date, campaign: str, digest: bytes) -> str:
    return place("raw_records", "body", month, campaign, digest)


async def _make(connection: Connection, month: date) -> None:
    name = _name(month)
    if await _one(connection, _THERE, [f"{SCHEMA}.{name}"]):
        return
    await connection.execute(_LOCK)
    if await _one(connection, _THERE, [f"{SCHEMA}.{name}"]):
        return
    for statement in making(month):
        await connection.execute(statement)


def making(month: date) -> list[sql.Composed]:
    """The statements that make the table of a month, given by its first day."""
    names = {
        "table": sql.Identifier(SCHEMA, _name(month)),
        "month": sql.Literal(month.isoformat()),
        "end": sql.Literal(following(month).isoformat()),
    }
    return [_MAKE.format(**names), _ATTACH.format(**names)]


def month_of(name: str) -> date:
    """The first day of the month that a table of `MONTHS` holds: `y2026m11` is that of November 2026."""
    return date(int(name[1:5]), int(name[6:8]), 1)


def _name(month: date) -> str:
    return f"y{month:%Ym%m}"


def following(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


async def _one(connection: Connection, query: str, values: list[Any]) -> bool:
    row = await (await connection.execute(query, values)).fetchone()
    return bool(row and row[0])
