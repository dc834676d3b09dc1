"""What a restored copy takes over from the living database, since it is older than the last erasure and purchase.

All of it, not what came since a moment: the clocks of two machines differ, and a transaction that began before the
backup may have ended after it. Whatever the living database has lost itself stays as the copy has it.
"""

from typing import LiteralString

import psycopg
from psycopg import sql

from leadspiders.stores.postgres.schema.whole import metadata
from leadspiders.stores.postgres.table_copies import switch_triggers

FOR_GOOD = ["erased", "expired"]
"""Causes of removal that hold for every copy. What was folded into another row is still that row in a copy."""

_TABLES = ("removed_rows", "installation", "spend", "spend_totals", "paid_replies", "outbox")
_STAGED = sql.SQL("CREATE TEMP TABLE {staged} ON COMMIT DROP AS SELECT * FROM {table} WITH NO DATA")
_OUT = sql.SQL("COPY (SELECT {columns} FROM {table}) TO STDOUT")
_IN = sql.SQL("COPY {staged} ({columns}) FROM STDIN")

# Who was folded into somebody that was erased later is somebody who was erased.
_GONE = """
CREATE TEMP TABLE gone ON COMMIT DROP AS
WITH RECURSIVE forgotten AS (
  SELECT id, relation FROM living_removed_rows WHERE cause = ANY(%s)
  UNION SELECT r.id, r.relation FROM living_removed_rows r JOIN forgotten f ON r.kept = f.id)
SELECT id, relation FROM forgotten
"""
# The place of a record as the copy has it: of what the copy never had, its receipts count nothing.
_NOTE = """
INSERT INTO removed_rows (id, relation, cause, kept, run_id, receipt, record_index, removed_at)
SELECT l.id, l.relation, l.cause, l.kept, coalesce(c.run_id, f.run_id, p.run_id),
       coalesce(c.receipt, f.receipt, p.receipt), coalesce(c.record_index, f.record_index, p.record_index), l.removed_at
  FROM gone JOIN living_removed_rows l USING (id) LEFT JOIN contacts c USING (id) LEFT JOIN companies f USING (id)
  LEFT JOIN parked_records p USING (id)
ON CONFLICT (id) DO NOTHING
"""
_DETACH = (
    "DELETE FROM pairs WHERE one IN (SELECT id FROM gone) OR other IN (SELECT id FROM gone)",
    "DELETE FROM prospects WHERE lead_id IN (SELECT id FROM gone)",  # together: by themselves they go one by one
)
_ERASE = sql.SQL("DELETE FROM {table} WHERE id IN (SELECT id FROM gone WHERE relation = {name})")
_RELATIONS = ("contacts", "companies", "parked_records")

_TAKE_OVER: tuple[LiteralString, ...] = (
    # Sealed values come along: whoever lacks their key has to be told.
    """
INSERT INTO installation SELECT * FROM living_installation WHERE key LIKE 'encryption_key:%' ON CONFLICT DO NOTHING
""",
    "DELETE FROM spend s USING living_spend l WHERE l.id = s.id AND ROW(s.*) IS DISTINCT FROM ROW(l.*)",
    """
INSERT INTO spend SELECT * FROM living_spend l WHERE NOT EXISTS (SELECT FROM spend s WHERE s.id = l.id)
ON CONFLICT DO NOTHING
""",
    """
INSERT INTO spend_totals SELECT * FROM living_spend_totals
ON CONFLICT (campaign, scope, name) DO UPDATE SET credits = excluded.credits, usd = excluded.usd
""",
    # A reply that is gone though its purchase is known was let go of, or erased with its person.
    """
DELETE FROM paid_replies r
 WHERE NOT EXISTS (SELECT FROM living_paid_replies l WHERE l.provider = r.provider AND l.fact = r.fact)
   AND EXISTS (SELECT FROM living_spend s WHERE s.provider = r.provider AND s.fact = r.fact)
""",
    "INSERT INTO paid_replies SELECT * FROM living_paid_replies ON CONFLICT DO NOTHING",
    # What was sent of somebody who was folded since was sent under the name of the one that stayed.
    """
CREATE TEMP TABLE known_as ON COMMIT DROP AS
WITH RECURSIVE path AS (
  SELECT id, kept FROM living_removed_rows WHERE cause = 'folded'
  UNION SELECT p.id, r.kept FROM path p JOIN living_removed_rows r ON r.id = p.kept AND r.cause = 'folded')
SELECT id, kept FROM path UNION ALL SELECT lead_id, lead_id FROM prospects GROUP BY lead_id
""",
)
_DESCRIBE = """
UPDATE suppressions s SET kind = l.kind, reason = l.reason, derived_from = l.derived_from, added_at = l.added_at
  FROM living_suppressions l WHERE l.hash = s.hash AND ROW(s.*) IS DISTINCT FROM ROW(l.*)
"""
_DELIVERIES = sql.SQL("""
INSERT INTO outbox (lead_id, {columns})
SELECT k.id, {of_living} FROM living_outbox l JOIN known_as k ON k.kept = l.lead_id
  JOIN prospects p ON p.lead_id = k.id AND p.campaign = l.campaign
ON CONFLICT (lead_id, campaign, destination) DO UPDATE SET ({columns}) = ({of_excluded})
""")


def carry_over(living: psycopg.Connection, copy: psycopg.Connection) -> int:
    """Erase from the copy who was erased since, and bring its money and its deliveries up to date.

    Returns how many rows were erased. Both databases have the tables of this program. Opt-outs are not among them.
    """
    for name in _TABLES:
        _stage(living, copy, name)
    copy.execute(_GONE, [FOR_GOOD])
    switch_triggers(copy, "DISABLE")  # they keep counts by the row; counting once afterwards takes less
    copy.execute(_NOTE)
    for statement in _DETACH:
        copy.execute(statement)
    erased = sum(
        copy.execute(_ERASE.format(table=sql.Identifier(name), name=sql.Literal(name))).rowcount for name in _RELATIONS
    )
    for statement in _TAKE_OVER:
        copy.execute(statement)
    columns = [name for name in _columns("outbox") if name not in {"id", "lead_id"}]
    copy.execute(
        _DELIVERIES.format(
            columns=_names(columns), of_living=_names(columns, "l"), of_excluded=_names(columns, "excluded")
        )
    )
    switch_triggers(copy, "ENABLE")
    copy.execute("SELECT recount_tallies()")
    return erased


def describe_opt_outs(living: psycopg.Connection, copy: psycopg.Connection) -> None:
    """Why and since when each opt-out of the living database is on the list of the copy, where all of them are."""
    _stage(living, copy, "suppressions")
    copy.execute(_DESCRIBE)


def _stage(living: psycopg.Connection, copy: psycopg.Connection, name: str) -> None:
    """The living database's rows of a table, beside those of the copy: `living_<name>`."""
    names = {
        "staged": sql.Identifier(f"living_{name}"),
        "table": sql.Identifier(name),
        "columns": _names(_columns(name)),
    }
    copy.execute(_STAGED.format(**names))
    with (
        living.cursor() as source,
        copy.cursor() as target,
        source.copy(_OUT.format(**names)) as rows,
        target.copy(_IN.format(**names)) as taken,
    ):
        for block in rows:
            taken.write(block)
    copy.execute(sql.SQL("ANALYZE {staged}").format(**names))


def _columns(table: str) -> list[str]:
    return [column.name for column in metadata.tables[table].columns]


def _names(names: list[str], table: str | None = None) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(table, name) if table else sql.Identifier(name) for name in names)
