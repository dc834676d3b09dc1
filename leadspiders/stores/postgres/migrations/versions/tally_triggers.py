"""Triggers that keep the running counts of leads: how a change of a row changes what is counted.

Whoever changes prospects alone holds the lock of opt-outs, and whoever changes what they are made of holds it shared:
so each sees what the other has done, and no lead is counted by what it was before.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

_LIVE = "NOT IN ('rejected', 'suppressed')"
_SHARED = "PERFORM pg_advisory_xact_lock_shared(hashtextextended('leadspiders opt-outs', 0));"
# Plans are made while tables are small and kept while they grow.
_BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"
_ADD = "INSERT INTO tally_changes (campaign, lead, figure, value, number)"
_PAID = "INSERT INTO tally_changes (campaign, lead, figure, value, number, credits, usd)"


def _row(columns: str, of: str) -> str:
    return "ROW(" + ", ".join(f"{of}.{column}" for column in columns.split()) + ")"


def _changed(columns: str) -> str:
    return f"{_row(columns, 'OLD')} IS DISTINCT FROM {_row(columns, 'NEW')}"


FUNCTIONS = (
    f"""
CREATE FUNCTION tally_companies() RETURNS trigger LANGUAGE plpgsql {_BY_INDEX} AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    {_ADD}
    SELECT n.campaign, t.lead, t.figure, '', sum(t.number)
      FROM new_rows n, company_tallies(ROW(n.*)::campaign_companies) AS t GROUP BY 1, 2, 3;
    {_PAID}
    SELECT n.campaign, '', 'field', t.value, count(*), 0, sum(t.usd)
      FROM new_rows n JOIN companies f ON f.id = n.company_id, paid_fields('company.', f.lineage) AS t
     GROUP BY n.campaign, t.value;
  ELSE
    {_ADD}
    SELECT campaign, lead, figure, '', sum(number) FROM (
      SELECT n.campaign, t.lead, t.figure, t.number
        FROM new_rows n, company_tallies(ROW(n.*)::campaign_companies) AS t UNION ALL
      SELECT o.campaign, t.lead, t.figure, -t.number
        FROM old_rows o, company_tallies(ROW(o.*)::campaign_companies) AS t) AS t
     GROUP BY 1, 2, 3 HAVING sum(number) <> 0;
    {_PAID}
    SELECT s.campaign, '', 'field', t.value, sum(s.sign), 0, sum(s.sign * t.usd)
      FROM (SELECT campaign, company_id, (n.people + n.itself + n.others > 0)::int
                                       - (o.people + o.itself + o.others > 0)::int AS sign
              FROM old_rows o JOIN new_rows n USING (company_id, campaign)) AS s
      JOIN companies f ON f.id = s.company_id, paid_fields('company.', f.lineage) AS t
     WHERE s.sign <> 0 GROUP BY s.campaign, t.value;
  END IF;
  RETURN NULL;
END $$
""",
    # Leads that came or went, as a whole statement.
    f"""
CREATE FUNCTION tally_leads() RETURNS trigger LANGUAGE plpgsql {_BY_INDEX} AS $$
DECLARE sign int := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
  {_SHARED}
  {_ADD}
  SELECT p.campaign, CASE WHEN p.contact_id IS NULL THEN 'company' ELSE 'contact' END, t.figure, t.value,
         sign * count(*)
    FROM changed p LEFT JOIN contacts c ON c.id = p.contact_id, lead_tallies(ROW(p.*)::prospects, c) AS t
   GROUP BY 1, 2, 3, 4;
  {_PAID}
  SELECT p.campaign, '', 'field', t.value, sign * count(*), 0, sign * sum(t.usd)
    FROM changed p JOIN contacts c ON c.id = p.contact_id, paid_fields('', c.lineage) AS t GROUP BY p.campaign, t.value;
  PERFORM count_companies(array_agg(p.campaign), array_agg(coalesce(p.company_id, c.company_id)),
                          array_agg(p.contact_id IS NULL), array_agg(p.lead_state {_LIVE}), array_agg(sign))
     FROM changed p LEFT JOIN contacts c ON c.id = p.contact_id;
  IF random() < 0.02 THEN PERFORM fold_tallies(); END IF;
  RETURN NULL;
END $$
""",
    # A lead that changed, or went over to another row.
    f"""
CREATE FUNCTION tally_lead() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was contacts; became contacts; moved boolean := (OLD.lead_id, OLD.campaign) <> (NEW.lead_id, NEW.campaign);
  other boolean := moved OR (OLD.lead_state {_LIVE}) <> (NEW.lead_state {_LIVE});
BEGIN
  {_SHARED}
  IF other THEN  -- else what is known of the person counts for the same before and after
    SELECT * INTO was FROM contacts WHERE id = OLD.contact_id;
    SELECT * INTO became FROM contacts WHERE id = NEW.contact_id;
  END IF;
  {_ADD}
  SELECT campaign, lead, figure, value, sum(number) FROM (
    SELECT NEW.campaign AS campaign, CASE WHEN NEW.contact_id IS NULL THEN 'company' ELSE 'contact' END AS lead,
           figure, value, 1 AS number FROM lead_tallies(NEW, became) UNION ALL
    SELECT OLD.campaign, CASE WHEN OLD.contact_id IS NULL THEN 'company' ELSE 'contact' END,
           figure, value, -1 FROM lead_tallies(OLD, was)) AS t
   GROUP BY 1, 2, 3, 4 HAVING sum(number) <> 0;
  IF other THEN
    PERFORM count_companies(
      ARRAY[OLD.campaign, NEW.campaign],
      ARRAY[coalesce(OLD.company_id, was.company_id), coalesce(NEW.company_id, became.company_id)],
      ARRAY[OLD.contact_id IS NULL, NEW.contact_id IS NULL],
      ARRAY[OLD.lead_state {_LIVE}, NEW.lead_state {_LIVE}], ARRAY[-1, 1]);
  END IF;
  IF moved THEN
    {_PAID}
    SELECT NEW.campaign, '', 'field', value, count(*), 0, sum(usd)
      FROM paid_fields('', became.lineage) GROUP BY value;
    {_PAID}
    SELECT OLD.campaign, '', 'field', value, -count(*), 0, -sum(usd)
      FROM paid_fields('', was.lineage) GROUP BY value;
  END IF;
  IF random() < 0.0005 THEN PERFORM fold_tallies(); END IF;
  RETURN NULL;
END $$
""",
    # Somebody of whom something else is known, in each campaign that has them.
    f"""
CREATE FUNCTION tally_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {_SHARED}
  {_ADD}
  SELECT campaign, 'contact', figure, value, sum(number) FROM (
    SELECT p.campaign, t.figure, t.value, 1 AS number
      FROM prospects p, lead_tallies(p, NEW) AS t WHERE p.lead_id = NEW.id UNION ALL
    SELECT p.campaign, t.figure, t.value, -1
      FROM prospects p, lead_tallies(p, OLD) AS t WHERE p.lead_id = NEW.id) AS t
   GROUP BY 1, 3, 4 HAVING sum(number) <> 0;
  IF OLD.company_id IS DISTINCT FROM NEW.company_id THEN
    PERFORM count_companies(array_agg(p.campaign), array_agg(s.company_id), array_agg(false),
                            array_agg(p.lead_state {_LIVE}), array_agg(s.sign))
       FROM prospects p, (VALUES (OLD.company_id, -1), (NEW.company_id, 1)) AS s (company_id, sign)
      WHERE p.lead_id = NEW.id;
  END IF;
  IF OLD.lineage <> NEW.lineage THEN
    {_PAID}
    SELECT p.campaign, '', 'field', t.value, sum(t.sign), 0, sum(t.sign * t.usd)
      FROM prospects p, (SELECT value, usd, 1 AS sign FROM paid_fields('', NEW.lineage) UNION ALL
                         SELECT value, usd, -1 FROM paid_fields('', OLD.lineage)) AS t
     WHERE p.lead_id = NEW.id GROUP BY p.campaign, t.value HAVING sum(t.sign) <> 0 OR sum(t.sign * t.usd) <> 0;
  END IF;
  IF random() < 0.0005 THEN PERFORM fold_tallies(); END IF;
  RETURN NULL;
END $$
""",
    f"""
CREATE FUNCTION tally_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {_SHARED}
  UPDATE campaign_companies SET complete = is_complete(NEW)
   WHERE company_id = NEW.id AND complete <> is_complete(NEW);
  IF OLD.lineage <> NEW.lineage THEN
    {_PAID}
    SELECT k.campaign, '', 'field', t.value, sum(t.sign), 0, sum(t.sign * t.usd)
      FROM campaign_companies k, (SELECT value, usd, 1 AS sign FROM paid_fields('company.', NEW.lineage) UNION ALL
                                  SELECT value, usd, -1 FROM paid_fields('company.', OLD.lineage)) AS t
     WHERE k.company_id = NEW.id AND k.people + k.itself + k.others > 0
     GROUP BY k.campaign, t.value HAVING sum(t.sign) <> 0 OR sum(t.sign * t.usd) <> 0;
  END IF;
  RETURN NULL;
END $$
""",
    # What hangs on a row goes before it, as long as it can be seen what it was.
    """
CREATE FUNCTION leave_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A statement that finds nothing would still set off the triggers of its table.
  IF EXISTS (SELECT FROM prospects WHERE contact_id = OLD.id) THEN
    DELETE FROM prospects WHERE contact_id = OLD.id;
  END IF;
  RETURN OLD;
END $$
""",
    """
CREATE FUNCTION leave_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM contacts WHERE company_id = OLD.id) THEN
    UPDATE contacts SET company_id = NULL WHERE company_id = OLD.id;
  END IF;
  IF EXISTS (SELECT FROM prospects WHERE company_id = OLD.id) THEN
    DELETE FROM prospects WHERE company_id = OLD.id;
  END IF;
  DELETE FROM campaign_companies WHERE company_id = OLD.id;
  RETURN OLD;
END $$
""",
)
_STATEMENT = "REFERENCING {} FOR EACH STATEMENT EXECUTE FUNCTION {}()"
_NEW, _BOTH = "NEW TABLE AS new_rows", "OLD TABLE AS old_rows NEW TABLE AS new_rows"

TRIGGERS = {
    "prospects": {
        "tally_in": "AFTER INSERT ON prospects " + _STATEMENT.format("NEW TABLE AS changed", "tally_leads"),
        "tally_out": "AFTER DELETE ON prospects " + _STATEMENT.format("OLD TABLE AS changed", "tally_leads"),
        "tally_change": "AFTER UPDATE ON prospects FOR EACH ROW WHEN ("
        + _changed("lead_id campaign lead_state is_qualified quality fit variant created_at")
        + ") EXECUTE FUNCTION tally_lead()",
    },
    "contacts": {
        "tally_change": "AFTER UPDATE ON contacts FOR EACH ROW WHEN ("
        + _changed("company_id title metro state email_status lineage")
        + " OR (OLD.email IS NULL) <> (NEW.email IS NULL)) EXECUTE FUNCTION tally_contact()",
        "tally_leave": "BEFORE DELETE ON contacts FOR EACH ROW EXECUTE FUNCTION leave_contact()",
    },
    "companies": {
        "tally_change": "AFTER UPDATE ON companies FOR EACH ROW WHEN ("
        + _changed("name domain industry naics_code employees employee_min lineage")
        + ") EXECUTE FUNCTION tally_company()",
        "tally_leave": "BEFORE DELETE ON companies FOR EACH ROW EXECUTE FUNCTION leave_company()",
    },
    "campaign_companies": {
        "tally_in": "AFTER INSERT ON campaign_companies " + _STATEMENT.format(_NEW, "tally_companies"),
        "tally_change": "AFTER UPDATE ON campaign_companies " + _STATEMENT.format(_BOTH, "tally_companies"),
    },
}
_NAMES = (
    "tally_companies",
    "tally_leads",
    "tally_lead",
    "tally_contact",
    "tally_company",
    "leave_contact",
    "leave_company",
)


def upgrade() -> None:
    """Functions and triggers."""
    for function in FUNCTIONS:
        op.execute(function)
    for triggers in TRIGGERS.values():
        for name, trigger in triggers.items():
            op.execute(f"CREATE TRIGGER {name} {trigger}")


def downgrade() -> None:
    """Without them."""
    for table, triggers in TRIGGERS.items():
        for name in triggers:
            op.execute(f"DROP TRIGGER {name} ON {table}")
    for name in _NAMES[::-1]:
        op.execute(f"DROP FUNCTION {name}")
