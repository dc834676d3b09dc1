"""Triggers that keep the running counts of leads: how a change of rows changes what is counted.

They see the rows of a statement all together: as they are they count for, as they were against, and what is the same
before and after cancels out. Whoever changes prospects alone holds the lock of opt-outs, and whoever changes what they
are made of holds it shared: so each sees what the other has done, and no lead is counted by what it was before.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

_LIVE = "NOT IN ('rejected', 'suppressed')"
_SHARED = "PERFORM pg_advisory_xact_lock_shared(hashtextextended('leadspiders opt-outs', 0));"
# Plans are made while tables are small and kept while they grow; and to make one takes longer than to count a lead. So
# other tables are looked into by index only, from row to row (OFFSET keeps the order of a join as it is written).
_SETTINGS = """SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
 SET plan_cache_mode = force_generic_plan"""
_ADD = "INSERT INTO tally_changes (campaign, lead, figure, value, number)"
_PAID = "INSERT INTO tally_changes (campaign, lead, figure, value, number, credits, usd)"
# Who reads the sums reads what is not folded into them, too.
_FOLD = """GET DIAGNOSTICS added = ROW_COUNT;
  IF random() < added / 10000.0 THEN PERFORM fold_tallies(); END IF;"""
_PERSON = "LEFT JOIN contacts c ON c.id = p.contact_id"  # whom a lead is, or nobody: then it is a company
_LEADS = "LATERAL (SELECT * FROM prospects WHERE lead_id = {}.id OFFSET 0) AS p"
_IN_CAMPAIGNS = "LATERAL (SELECT * FROM campaign_companies WHERE company_id = {}.id OFFSET 0) AS k"
_NEW, _OLD = ("new_rows", 1), ("old_rows", -1)
_SIDES = {"in": [_NEW], "out": [_OLD], "change": [_NEW, _OLD]}


def _function(name: str, body: str, result: str) -> str:
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {_SETTINGS} AS $$
DECLARE added bigint; ids uuid[];
BEGIN
  {body}
  RETURN {result};
END $$
"""


def _each(query: str, change: str = "change") -> str:
    """The query over the rows as they are, as they were, or both."""
    return "(" + " UNION ALL ".join(query.format(rows=rows, sign=sign) for rows, sign in _SIDES[change]) + ") AS t"


def _differing(columns: str) -> str:
    """What the rows of an UPDATE hold in these columns, their key among them, where it is not the same as before."""
    both = _each(f"SELECT {columns}, {{sign}} AS sign FROM {{rows}}")
    return f"(SELECT {columns}, sum(sign)::int AS sign FROM {both} GROUP BY {columns} HAVING sum(sign) <> 0) AS d"


def _differ(columns: str) -> str:
    return f"EXISTS (SELECT {columns} FROM new_rows EXCEPT SELECT {columns} FROM old_rows)"


def _of_leads(change: str) -> str:
    """Leads that came, went or changed; who they are where more than a score or a step within the list changed."""
    figures = _each(
        "SELECT p.campaign, CASE WHEN p.contact_id IS NULL THEN 'company' ELSE 'contact' END AS lead, f.*,"
        " {sign} AS sign FROM {rows} p, lead_tallies(ROW(p.*)::prospects) AS f",
        change,
    )
    person = "{rows} p LEFT JOIN contacts c ON c.id = p.contact_id"
    of_person = _each(
        f"SELECT p.campaign, f.*, {{sign}} AS sign FROM {person}, person_tallies(p.lead_state, c) AS f", change
    )
    fields = _each(f"SELECT p.campaign, f.*, {{sign}} AS sign FROM {person}, paid_fields('', c.lineage) AS f", change)
    companies = _each(
        "SELECT p.campaign, coalesce(p.company_id, c.company_id) AS company_id, p.contact_id IS NULL AS own,"
        f" p.lead_state {_LIVE} AS live, {{sign}} AS sign FROM {person}",
        change,
    )
    return f"""{_SHARED}
  {_ADD}
  SELECT campaign, lead, figure, value, sum(sign) FROM {figures} GROUP BY 1, 2, 3, 4 HAVING sum(sign) <> 0;
  {_FOLD}
  IF {_differ(f"lead_id, campaign, lead_state {_LIVE}") if change == "change" else "true"} THEN
    {_ADD}
    SELECT campaign, 'contact', figure, value, sum(sign) FROM {of_person} GROUP BY 1, 3, 4 HAVING sum(sign) <> 0;
    {_PAID}
    SELECT campaign, '', 'field', value, sum(sign), 0, sum(sign * usd) FROM {fields}
     GROUP BY campaign, value HAVING sum(sign) <> 0 OR sum(sign * usd) <> 0;
    PERFORM count_companies(array_agg(campaign), array_agg(company_id), array_agg(own), array_agg(live),
                            array_agg(sign)) FROM {companies};
  END IF;"""


def _of_companies(change: str) -> str:
    """What the companies of a campaign count for, and what was paid for them as soon as a lead is there."""
    figures = _each(
        "SELECT k.campaign, f.*, {sign} AS sign FROM {rows} k, company_tallies(ROW(k.*)::campaign_companies) AS f",
        change,
    )
    met = _each("SELECT company_id, campaign, {sign} AS sign FROM {rows} WHERE people + itself + others > 0", change)
    return f"""IF NOT EXISTS (SELECT FROM new_rows) THEN RETURN NULL; END IF;
  {_ADD}
  SELECT campaign, lead, figure, '', sum(sign * number) FROM {figures} GROUP BY 1, 2, 3 HAVING sum(sign * number) <> 0;
  {_PAID}
  SELECT d.campaign, '', 'field', f.value, sum(d.sign), 0, sum(d.sign * f.usd)
    FROM (SELECT company_id, campaign, sum(sign) AS sign FROM {met} GROUP BY 1, 2 HAVING sum(sign) <> 0) AS d,
         LATERAL (SELECT lineage FROM companies WHERE id = d.company_id OFFSET 0) AS c,
         paid_fields('company.', c.lineage) AS f
   GROUP BY d.campaign, f.value;"""


_OF_PEOPLE = "id, title, metro, state, email_status, email IS NULL"
_FIGURES_OF_PEOPLE = _each(
    f"SELECT p.campaign, f.*, {{sign}} AS sign FROM {{rows}} c, {_LEADS.format('c')},"
    " person_tallies(p.lead_state, ROW(c.*)::contacts) AS f"
)
_OF_COMPANIES = "id, name, domain, industry, naics_code, employees, employee_min, lineage"
_COUNTED = {
    **{f"tally_leads_{change}": _of_leads(change) for change in _SIDES},
    "tally_companies_in": _of_companies("in"),
    "tally_companies_change": _of_companies("change"),
    # Somebody of whom something else is known, in each campaign that has them.
    "tally_contacts": f"""IF NOT {_differ(f"{_OF_PEOPLE}, company_id, lineage")} THEN RETURN NULL; END IF;
  {_SHARED}
  IF {_differ(_OF_PEOPLE)} THEN
    {_ADD}
    SELECT campaign, 'contact', figure, value, sum(sign) FROM {_FIGURES_OF_PEOPLE}
     GROUP BY 1, 3, 4 HAVING sum(sign) <> 0;
    {_FOLD}
  END IF;
  IF {_differ("id, company_id")} THEN
    PERFORM count_companies(array_agg(p.campaign), array_agg(d.company_id), array_agg(false),
                            array_agg(p.lead_state {_LIVE}), array_agg(d.sign))
       FROM {_differing("id, company_id")}, {_LEADS.format("d")};
  END IF;
  {_PAID}
  SELECT p.campaign, '', 'field', f.value, sum(d.sign), 0, sum(d.sign * f.usd)
    FROM {_differing("id, lineage")}, {_LEADS.format("d")}, paid_fields('', d.lineage) AS f
   GROUP BY p.campaign, f.value HAVING sum(d.sign) <> 0 OR sum(d.sign * f.usd) <> 0;""",
    "tally_company": f"""IF NOT {_differ(_OF_COMPANIES)} THEN RETURN NULL; END IF;
  {_SHARED}
  ids := ARRAY(SELECT n.id FROM new_rows n, {_IN_CAMPAIGNS.format("n")}
                WHERE k.complete <> is_complete(ROW(n.*)::companies));
  IF ids <> '{{}}' THEN
    UPDATE campaign_companies SET complete = (SELECT is_complete(f) FROM companies f WHERE f.id = company_id)
     WHERE company_id = ANY(ids);
  END IF;
  {_PAID}
  SELECT k.campaign, '', 'field', f.value, sum(d.sign), 0, sum(d.sign * f.usd)
    FROM {_differing("id, lineage")}, {_IN_CAMPAIGNS.format("d")}, paid_fields('company.', d.lineage) AS f
   WHERE k.people + k.itself + k.others > 0
   GROUP BY k.campaign, f.value HAVING sum(d.sign) <> 0 OR sum(d.sign * f.usd) <> 0;""",
}
# What hangs on a row goes before it, as long as it can be seen what it was. A statement that finds nothing would still
# set off the triggers of its table.
_LEFT = {
    "leave_contact": """IF EXISTS (SELECT FROM prospects WHERE contact_id = OLD.id) THEN
    DELETE FROM prospects WHERE contact_id = OLD.id;
  END IF;""",
    "leave_company": """IF EXISTS (SELECT FROM contacts WHERE company_id = OLD.id) THEN
    UPDATE contacts SET company_id = NULL WHERE company_id = OLD.id;
  END IF;
  IF EXISTS (SELECT FROM prospects WHERE company_id = OLD.id) THEN
    DELETE FROM prospects WHERE company_id = OLD.id;
  END IF;
  DELETE FROM campaign_companies WHERE company_id = OLD.id;""",
}


def _statement(what: str, change: str, function: str) -> str:
    seen = " ".join(f"{'NEW' if sign > 0 else 'OLD'} TABLE AS {rows}" for rows, sign in _SIDES[change])
    return f"AFTER {what} REFERENCING {seen} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"


TRIGGERS = {
    "prospects": {
        "tally_in": _statement("INSERT ON prospects", "in", "tally_leads_in"),
        "tally_out": _statement("DELETE ON prospects", "out", "tally_leads_out"),
        "tally_change": _statement("UPDATE ON prospects", "change", "tally_leads_change"),
    },
    "contacts": {
        "tally_change": _statement("UPDATE ON contacts", "change", "tally_contacts"),
        "tally_leave": "BEFORE DELETE ON contacts FOR EACH ROW EXECUTE FUNCTION leave_contact()",
    },
    "companies": {
        "tally_change": _statement("UPDATE ON companies", "change", "tally_company"),
        "tally_leave": "BEFORE DELETE ON companies FOR EACH ROW EXECUTE FUNCTION leave_company()",
    },
    "campaign_companies": {
        "tally_in": _statement("INSERT ON campaign_companies", "in", "tally_companies_in"),
        "tally_change": _statement("UPDATE ON campaign_companies", "change", "tally_companies_change"),
    },
}


def upgrade() -> None:
    """Functions and triggers."""
    for bodies, result in ((_COUNTED, "NULL"), (_LEFT, "OLD")):
        for name, body in bodies.items():
            op.execute(_function(name, body, result))
    for triggers in TRIGGERS.values():
        for name, trigger in triggers.items():
            op.execute(f"CREATE TRIGGER {name} {trigger}")


def downgrade() -> None:
    """Without them."""
    for table, triggers in TRIGGERS.items():
        for name in triggers:
            op.execute(f"DROP TRIGGER {name} ON {table}")
    for name in (*_COUNTED, *_LEFT):
        op.execute(f"DROP FUNCTION {name}")
