"""Triggers that keep the running counts of purchases, deliveries and market cells; and the counts of what is there."""

from alembic import op

revision = "0011"
down_revision = "0010"

_SETTINGS = """SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
 SET plan_cache_mode = force_generic_plan"""
_ADD = "INSERT INTO tally_changes (campaign, lead, figure, value, number)"
_PAID = "INSERT INTO tally_changes (campaign, lead, figure, value, number, credits, usd)"
_NEW, _OLD = ("new_rows", 1), ("old_rows", -1)
_SIDES = {"in": [_NEW], "out": [_OLD], "change": [_NEW, _OLD]}


def _each(query: str, change: str) -> str:
    """The query over the rows as they are, as they were, or both."""
    return "(" + " UNION ALL ".join(query.format(rows=rows, sign=sign) for rows, sign in _SIDES[change]) + ") AS t"


def _of_purchases(change: str) -> str:
    """A call counts once, however many facts it was for, as long as one of them is not void: so it is asked for what is
    there now, and what was there before is that without what has changed.
    """
    figures = _each(
        "SELECT s.campaign, f.figure, f.value, s.credits, s.usd, {sign} AS sign FROM {rows} s,"
        " spend_tallies(s.state, s.provider, s.day, s.run_id) AS f",
        change,
    )
    facts = _each("SELECT campaign, provider, day, reservation, state, {sign} AS sign FROM {rows}", change)
    return f"""{_PAID}
  SELECT campaign, '', figure, value, sum(sign), sum(sign * credits), sum(sign * usd) FROM {figures}
   GROUP BY 1, 3, 4 HAVING sum(sign) <> 0 OR sum(sign * credits) <> 0 OR sum(sign * usd) <> 0;
  {_ADD}
  SELECT r.campaign, '', 'calls', r.provider || ' ' || r.day::text,
         sum((n.facts > 0)::int - (n.facts - r.added > 0)::int) AS number
    FROM (SELECT campaign, provider, day, reservation, sum(sign) AS added FROM {facts}
           WHERE state <> 'void' GROUP BY 1, 2, 3, 4 HAVING sum(sign) <> 0) AS r,
         LATERAL (SELECT count(*) FILTER (WHERE s.state <> 'void' AND (s.campaign, s.provider, s.day)
                                                = (r.campaign, r.provider, r.day)) AS facts
                    FROM spend s WHERE s.reservation = r.reservation) AS n
   WHERE (n.facts > 0) <> (n.facts - r.added > 0) GROUP BY 1, 4;"""


def _of_deliveries(change: str) -> str:
    rows = _each("SELECT campaign, state, destination, {sign} AS sign FROM {rows}", change)
    return f"""{_ADD}
  SELECT campaign, '', 'delivery', state || ' ' || destination, sum(sign) FROM {rows}
   GROUP BY campaign, state, destination HAVING sum(sign) <> 0;
  IF random() < 0.001 THEN PERFORM fold_tallies(); END IF;"""


def _of_cells(change: str) -> str:
    rows = _each("SELECT {sign} AS sign FROM {rows}", change)
    return f"{_ADD} SELECT '', '', 'cells', '', sum(sign) FROM {rows} HAVING count(*) > 0;"


_COUNTED = {
    "spend": {change: _of_purchases(change) for change in _SIDES},
    "outbox": {change: _of_deliveries(change) for change in _SIDES},
    "market_cells": {change: _of_cells(change) for change in ("in", "out")},
}
_EVENTS = {"in": "INSERT", "out": "DELETE", "change": "UPDATE"}


def _function(table: str, change: str) -> str:
    return f"""
CREATE FUNCTION tally_{table}_{change}() RETURNS trigger LANGUAGE plpgsql {_SETTINGS} AS $$
BEGIN
  {_COUNTED[table][change]}
  RETURN NULL;
END $$
"""


def _trigger(table: str, change: str) -> str:
    seen = " ".join(f"{'NEW' if sign > 0 else 'OLD'} TABLE AS {rows}" for rows, sign in _SIDES[change])
    return (
        f"CREATE TRIGGER tally_{change} AFTER {_EVENTS[change]} ON {table} REFERENCING {seen}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION tally_{table}_{change}()"
    )


def upgrade() -> None:
    """Functions and triggers; then everything is counted."""
    for table, changes in _COUNTED.items():
        for change in changes:
            op.execute(_function(table, change))
            op.execute(_trigger(table, change))
    op.execute("SELECT recount_tallies()")


def downgrade() -> None:
    """Without them."""
    for table, changes in _COUNTED.items():
        for change in changes:
            op.execute(f"DROP TRIGGER tally_{change} ON {table}")
            op.execute(f"DROP FUNCTION tally_{table}_{change}")
