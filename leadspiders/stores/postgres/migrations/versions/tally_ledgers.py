"""Triggers that keep the running counts of purchases, deliveries and market cells; and the counts of what is there."""

from alembic import op

revision = "0011"
down_revision = "0010"

_BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"
_ADD = "INSERT INTO tally_changes (campaign, lead, figure, value, number)"
_PAID = "INSERT INTO tally_changes (campaign, lead, figure, value, number, credits, usd)"

FUNCTIONS = (
    # A call counts once, however many facts it was for, as long as one of them is not void.
    f"""
CREATE FUNCTION tally_spend() RETURNS trigger LANGUAGE plpgsql {_BY_INDEX} AS $$
DECLARE before spend[]; after spend[];
BEGIN
  IF TG_OP <> 'INSERT' THEN SELECT array_agg(ROW(o.*)::spend) INTO before FROM old_rows o; END IF;
  IF TG_OP <> 'DELETE' THEN SELECT array_agg(ROW(n.*)::spend) INTO after FROM new_rows n; END IF;
  {_PAID}
  SELECT s.campaign, '', t.figure, t.value, sum(s.sign), sum(s.sign * s.credits), sum(s.sign * s.usd)
    FROM (SELECT 1 AS sign, a.* FROM unnest(after) AS a UNION ALL SELECT -1, b.* FROM unnest(before) AS b) AS s,
         spend_tallies(s.state, s.provider, s.day, s.run_id) AS t
   GROUP BY 1, 3, 4 HAVING sum(s.sign) <> 0 OR sum(s.sign * s.credits) <> 0 OR sum(s.sign * s.usd) <> 0;
  {_ADD}
  SELECT r.campaign, '', 'calls', r.provider || ' ' || r.day::text, sum(r.now_there - r.was_there)
    FROM (SELECT s.campaign, s.provider, s.day, s.reservation,
                 max(CASE WHEN s.sign = 1 AND s.state <> 'void' THEN 1 ELSE 0 END) AS now_there,
                 max(CASE WHEN s.sign = -1 AND s.state <> 'void' THEN 1 ELSE 0 END) AS was_there
            FROM (SELECT 1 AS sign, a.* FROM unnest(after) AS a UNION ALL SELECT -1, b.* FROM unnest(before) AS b) AS s
           GROUP BY 1, 2, 3, 4) AS r
   WHERE r.now_there <> r.was_there AND NOT EXISTS (
     SELECT FROM spend o WHERE o.reservation = r.reservation AND o.state <> 'void'
        AND o.id NOT IN (SELECT id FROM unnest(after) UNION ALL SELECT id FROM unnest(before)))
   GROUP BY 1, 4;
  RETURN NULL;
END $$
""",
    f"""
CREATE FUNCTION tally_cells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {_ADD}
  SELECT '', '', 'cells', '', CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END * count(*) FROM changed HAVING count(*) > 0;
  RETURN NULL;
END $$
""",
    f"""
CREATE FUNCTION tally_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {_ADD}
  SELECT campaign, '', 'delivery', state || ' ' || destination,
         CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END * count(*)
    FROM changed GROUP BY campaign, state, destination;
  RETURN NULL;
END $$
""",
    f"""
CREATE FUNCTION tally_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {_ADD} VALUES
    (OLD.campaign, '', 'delivery', OLD.state || ' ' || OLD.destination, -1),
    (NEW.campaign, '', 'delivery', NEW.state || ' ' || NEW.destination, 1);
  IF random() < 0.0005 THEN PERFORM fold_tallies(); END IF;
  RETURN NULL;
END $$
""",
)
_STATEMENT = "REFERENCING {} FOR EACH STATEMENT EXECUTE FUNCTION {}()"
_CHANGED = "NEW TABLE AS changed", "OLD TABLE AS changed"

TRIGGERS = {
    "spend": {
        "tally_in": "AFTER INSERT ON spend " + _STATEMENT.format("NEW TABLE AS new_rows", "tally_spend"),
        "tally_change": "AFTER UPDATE ON spend "
        + _STATEMENT.format("OLD TABLE AS old_rows NEW TABLE AS new_rows", "tally_spend"),
        "tally_out": "AFTER DELETE ON spend " + _STATEMENT.format("OLD TABLE AS old_rows", "tally_spend"),
    },
    "outbox": {
        "tally_in": "AFTER INSERT ON outbox " + _STATEMENT.format(_CHANGED[0], "tally_deliveries"),
        "tally_out": "AFTER DELETE ON outbox " + _STATEMENT.format(_CHANGED[1], "tally_deliveries"),
        "tally_change": "AFTER UPDATE ON outbox FOR EACH ROW WHEN ((OLD.campaign, OLD.destination, OLD.state)"
        " <> (NEW.campaign, NEW.destination, NEW.state)) EXECUTE FUNCTION tally_delivery()",
    },
    "market_cells": {
        "tally_in": "AFTER INSERT ON market_cells " + _STATEMENT.format(_CHANGED[0], "tally_cells"),
        "tally_out": "AFTER DELETE ON market_cells " + _STATEMENT.format(_CHANGED[1], "tally_cells"),
    },
}
_NAMES = ("tally_spend", "tally_cells", "tally_deliveries", "tally_delivery")


def upgrade() -> None:
    """Functions and triggers; then everything is counted."""
    for function in FUNCTIONS:
        op.execute(function)
    for triggers in TRIGGERS.values():
        for name, trigger in triggers.items():
            op.execute(f"CREATE TRIGGER {name} {trigger}")
    op.execute("SELECT recount_tallies()")


def downgrade() -> None:
    """Without them."""
    for table, triggers in TRIGGERS.items():
        for name in triggers:
            op.execute(f"DROP TRIGGER {name} ON {table}")
    for name in _NAMES[::-1]:
        op.execute(f"DROP FUNCTION {name}")
