"""What the doctor asks the database itself: its version, its tables, indexes and triggers, its clock, its size."""

import time
from collections.abc import Iterable
from typing import Any, LiteralString

import psycopg
from sqlalchemy import Table

from leadspiders.ops.doctor import Check, doubt, failure, well
from leadspiders.stores.postgres.schema.tallies import TRIGGERS
from leadspiders.stores.postgres.schema.whole import metadata

OLDEST_MAJOR = 15
SKEW_SECONDS, WORST_SKEW_SECONDS = 2.0, 60.0
MANY_CONNECTIONS = 0.8

_INDEXES = """
SELECT i.relname, x.indisvalid FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_namespace n ON n.oid = i.relnamespace WHERE n.nspname = 'public'
"""
_TABLES = """
SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""
_TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled IN ('O', 'A') FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
"""
_CONNECTIONS = """
SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity WHERE backend_type = 'client backend'
"""
_WRITABLE = "SELECT pg_is_in_recovery(), current_setting('fsync')"


def version(connection: psycopg.Connection) -> Check:
    """Which PostgreSQL it is, and whether it may be written to."""
    number, size = (
        connection.info.server_version,
        _one(connection, "SELECT pg_size_pretty(pg_database_size(current_database()))"),
    )
    said = f"PostgreSQL {number // 10_000}.{number % 10_000}, {size}"
    if number // 10_000 < OLDEST_MAJOR:
        return failure("database", said, f"leadspiders needs PostgreSQL {OLDEST_MAJOR} or newer: upgrade the server")
    standby, fsync = connection.execute(_WRITABLE).fetchone() or (False, "on")
    if standby:
        return failure(
            "database", f"{said}, a standby", "nothing can be written there: name the primary in DATABASE_URL"
        )
    if fsync == "off":
        return doubt("database", f"{said}, fsync is off", "a power cut loses leads: ALTER SYSTEM SET fsync = on")
    return well("database", said)


def indexes(connection: psycopg.Connection, tables: Iterable[Table] = tuple(metadata.tables.values())) -> Check:
    """Whether every table and index of the schema is there and fit to be used."""
    there = {name for (name,) in connection.execute(_TABLES)}
    fit: dict[str, bool] = dict(connection.execute(_INDEXES).fetchall())
    wanted = {str(index.name) for table in tables for index in table.indexes}
    if lacking := sorted({table.name for table in tables} - there):
        return failure("tables", f"missing: {', '.join(lacking)}", "somebody dropped them: restore a backup")
    if lacking := sorted(wanted - fit.keys()):
        return doubt(
            "indexes", f"missing: {', '.join(lacking)}", "queries get slow, and twins possible: restore a backup"
        )
    if broken := sorted(name for name in wanted if not fit[name]):
        return doubt("indexes", f"not valid: {', '.join(broken)}", f"run REINDEX INDEX CONCURRENTLY {broken[0]}")
    return well("indexes", f"all {len(wanted)} there")


def counts(connection: psycopg.Connection) -> Check:
    """Whether all that keeps the running counts is there and on. What was counted wrong meanwhile is found by
    `scrapy ledger --counts`, which goes through all rows."""
    on = {(table, name): enabled for table, name, enabled in connection.execute(_TRIGGERS)}
    wanted = [(table, name) for table, names in TRIGGERS.items() for name in names]
    repair = "then count afresh: scrapy ledger CAMPAIGN --counts --repair"
    if lacking := [f"{table}.{name}" for table, name in wanted if (table, name) not in on]:
        return doubt("counts", f"triggers missing: {', '.join(lacking)}", f"restore a backup, {repair}")
    if off := [(table, name) for table, name in wanted if not on[table, name]]:
        said = ", ".join(f"{table}.{name}" for table, name in off)
        return doubt("counts", f"triggers off: {said}", f"ALTER TABLE {off[0][0]} ENABLE TRIGGER USER, {repair}")
    return well("counts", f"all {len(wanted)} triggers on")


def connections(connection: psycopg.Connection) -> Check:
    """Whether there is room for more workers."""
    used, most = connection.execute(_CONNECTIONS).fetchone() or (0, 1)
    said = f"{used} of {most} in use"
    if used > most * MANY_CONNECTIONS:
        return doubt("connections", said, "each worker takes up to 4: raise max_connections, or start fewer")
    return well("connections", said)


def postgres_skew(connection: psycopg.Connection) -> float:
    """Seconds that the database's clock is ahead of this machine's, the way there and back taken out."""
    before = time.time()
    at = float(_one(connection, "SELECT extract(epoch FROM clock_timestamp())"))
    return at - (before + time.time()) / 2


def clocks(postgres: float | None, redis: float | None) -> Check:
    """How far the clocks are apart: leases, budgets of a day and rate windows go by them."""
    known = {name: skew for name, skew in (("PostgreSQL", postgres), ("Redis", redis)) if skew is not None}
    said = ", ".join(f"{name} {skew:+.2f} s" for name, skew in known.items()) or "nobody to compare with"
    worst = max((abs(skew) for skew in known.values()), default=0.0)
    if postgres is not None and redis is not None:
        worst = max(worst, abs(postgres - redis))
    advice = "set the clocks of these machines by one time server (NTP)"
    if worst > WORST_SKEW_SECONDS:
        return failure("clocks", said, advice)
    return doubt("clocks", said, advice) if worst > SKEW_SECONDS else well("clocks", said)


def _one(connection: psycopg.Connection, query: LiteralString) -> Any:
    row = connection.execute(query).fetchone()
    assert row
    return row[0]
