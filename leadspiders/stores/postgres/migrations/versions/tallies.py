"""Running counts: the tables, what each row counts for, and all of it counted afresh."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

# Plans are made while tables are small and kept while they grow: from row to row, by index, as OFFSET has it.
_BY_INDEX = """SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
 SET plan_cache_mode = force_generic_plan"""
_LIVE = "NOT IN ('rejected', 'suppressed')"

FUNCTIONS = (
    """
CREATE FUNCTION is_complete(f companies) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
SELECT f.name IS NOT NULL AND f.domain IS NOT NULL AND coalesce(f.industry, f.naics_code) IS NOT NULL
   AND coalesce(f.employees, f.employee_min) IS NOT NULL $$
""",
    # What one lead counts for, and who it is, if that is a person. By arrays: VALUES take twice as long.
    f"""
CREATE FUNCTION lead_tallies(p prospects) RETURNS TABLE (figure text, value text) LANGUAGE sql STABLE AS $$
SELECT t.figure, t.value
  FROM unnest(ARRAY['state', 'qualified', 'quality', 'fit', 'slot', 'variant', 'variant qualified'],
              ARRAY[p.lead_state, CASE WHEN p.is_qualified THEN '' END, p.quality::text, p.fit::text,
                    floor(extract(epoch FROM p.created_at) / 10)::bigint::text, p.variant,
                    CASE WHEN p.is_qualified THEN p.variant END]) AS t (figure, value)
 WHERE t.value IS NOT NULL AND (p.lead_state {_LIVE} OR t.figure = 'state') $$
""",
    # Values are cut to what an index takes.
    f"""
CREATE FUNCTION person_tallies(lead_state text, c contacts)
 RETURNS TABLE (figure text, value text) LANGUAGE sql STABLE AS $$
SELECT t.figure, t.value
  FROM unnest(ARRAY['email', 'email_status', 'verified', 'job_title', 'location_metro', 'location_state'],
              ARRAY[CASE WHEN c.email IS NOT NULL THEN '' END, c.email_status,
                    CASE WHEN c.email_status = 'valid' THEN '' END, left(c.title, 200), left(c.metro, 200),
                    left(c.state, 200)]) AS t (figure, value)
 WHERE t.value IS NOT NULL AND lead_state {_LIVE} $$
""",
    # What one company counts for in a campaign.
    """
CREATE FUNCTION company_tallies(k campaign_companies)
 RETURNS TABLE (lead text, figure text, number bigint) LANGUAGE sql STABLE AS $$
SELECT t.lead, t.figure, t.number::bigint FROM (VALUES
  ('', 'companies', CASE WHEN k.people + k.itself > 0 THEN 1 ELSE 0 END),
  ('contact', 'complete', CASE WHEN k.complete THEN k.people ELSE 0 END),
  ('company', 'complete', CASE WHEN k.complete THEN k.itself ELSE 0 END)) AS t (lead, figure, number)
 WHERE t.number <> 0 $$
""",
    # What was paid for the fields of a row: the claims of each reply that cost something.
    """
CREATE FUNCTION paid_fields(whose text, lineage jsonb) RETURNS TABLE (value text, usd numeric) LANGUAGE sql STABLE AS $$
SELECT jsonb_build_array(whose, split_part(said.claim, ' ', 1), reply ->> 0)::text, (reply ->> 3)::numeric
  FROM jsonb_array_elements(CASE jsonb_typeof(lineage) WHEN 'array' THEN lineage END) AS reply,
       jsonb_array_elements_text(reply) WITH ORDINALITY AS said (claim, place)
 WHERE (reply ->> 3)::numeric > 0 AND said.place > 4 $$
""",
    # What purchases count for, by state, and by run.
    """
CREATE FUNCTION spend_tallies(state text, provider text, day date, run_id text)
 RETURNS TABLE (figure text, value text) LANGUAGE sql STABLE AS $$
SELECT t.figure, t.value FROM (VALUES
  ('spent ' || state, provider || ' ' || day::text), ('spent run', run_id)) AS t (figure, value)
 WHERE state <> 'void' $$
""",
    # One at a time; whoever comes meanwhile leaves it at that.
    """
CREATE FUNCTION fold_tallies() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('leadspiders tallies', 0)) THEN RETURN; END IF;
  WITH gone AS (DELETE FROM tally_changes RETURNING *)
  INSERT INTO tallies AS t (campaign, lead, figure, value, number, credits, usd)
  SELECT campaign, lead, figure, value, sum(number), sum(credits), sum(usd) FROM gone GROUP BY 1, 2, 3, 4
  ON CONFLICT (campaign, lead, figure, value) DO UPDATE
     SET number = t.number + excluded.number, credits = t.credits + excluded.credits, usd = t.usd + excluded.usd;
  DELETE FROM tallies WHERE number = 0 AND credits = 0 AND usd = 0;
END $$
""",
    # People and leads by company. A company that is new to the campaign is locked while it is looked at, so that who
    # completes it at this moment sees this row or comes first. Others are not: who opts out waits for no writer.
    f"""
CREATE FUNCTION count_companies(campaigns text[], ids uuid[], own boolean[], live boolean[], numbers int[])
 RETURNS void LANGUAGE plpgsql {_BY_INDEX} AS $$
DECLARE fresh uuid[];
BEGIN
  fresh := ARRAY(SELECT DISTINCT u.id FROM unnest(campaigns, ids) AS u (campaign, id)
                  WHERE u.id IS NOT NULL AND NOT EXISTS (SELECT FROM campaign_companies k
                                                          WHERE k.company_id = u.id AND k.campaign = u.campaign));
  IF fresh <> '{{}}' THEN
    PERFORM FROM companies WHERE id = ANY(fresh) ORDER BY id FOR SHARE;
  END IF;
  INSERT INTO campaign_companies AS k (company_id, campaign, people, itself, others, complete)
  SELECT g.id, g.campaign, g.people, g.itself, g.others, f.complete
    FROM (SELECT u.id, u.campaign, coalesce(sum(u.number) FILTER (WHERE u.live AND NOT u.own), 0) AS people,
                 coalesce(sum(u.number) FILTER (WHERE u.live AND u.own), 0) AS itself,
                 coalesce(sum(u.number) FILTER (WHERE NOT u.live), 0) AS others
            FROM unnest(campaigns, ids, own, live, numbers) AS u (campaign, id, own, live, number)
           WHERE u.id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2) AS g,
         LATERAL (SELECT is_complete(c) AS complete FROM companies c WHERE c.id = g.id OFFSET 0) AS f
   WHERE g.people <> 0 OR g.itself <> 0 OR g.others <> 0
  ON CONFLICT (company_id, campaign) DO UPDATE
     SET people = k.people + excluded.people, itself = k.itself + excluded.itself, others = k.others + excluded.others;
END $$
""",
    # Everything afresh. Whoever writes waits: what is not committed yet comes as a change afterwards.
    """
CREATE FUNCTION recount_tallies() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE tally_changes, campaign_companies, tallies IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM tallies;
  DELETE FROM campaign_companies;
  INSERT INTO campaign_companies SELECT * FROM counted_companies;
  DELETE FROM tally_changes;
  INSERT INTO tallies SELECT * FROM counted;
END $$
""",
)
VIEWS = {
    "tallied": """
SELECT campaign, lead, figure, value, sum(number)::bigint AS number, sum(credits) AS credits, sum(usd) AS usd
  FROM (SELECT * FROM tallies UNION ALL SELECT * FROM tally_changes) AS t GROUP BY campaign, lead, figure, value
""",
    "counted_companies": f"""
SELECT f.id AS company_id, g.campaign, g.people, g.itself, g.others, is_complete(f) AS complete
  FROM (SELECT p.campaign, coalesce(p.company_id, c.company_id) AS company_id,
               (count(*) FILTER (WHERE p.lead_state {_LIVE} AND p.contact_id IS NOT NULL))::int AS people,
               (count(*) FILTER (WHERE p.lead_state {_LIVE} AND p.contact_id IS NULL))::int AS itself,
               (count(*) FILTER (WHERE p.lead_state IN ('rejected', 'suppressed')))::int AS others
          FROM prospects p LEFT JOIN contacts c ON c.id = p.contact_id GROUP BY 1, 2) AS g
  JOIN companies f ON f.id = g.company_id
""",
    "counted": """
SELECT p.campaign, CASE WHEN p.contact_id IS NULL THEN 'company' ELSE 'contact' END AS lead, t.figure, t.value,
       count(*) AS number, 0::numeric AS credits, 0::numeric AS usd
  FROM prospects p, lead_tallies(p) AS t GROUP BY 1, 2, 3, 4
UNION ALL
SELECT p.campaign, 'contact', t.figure, t.value, count(*), 0, 0
  FROM prospects p JOIN contacts c ON c.id = p.contact_id, person_tallies(p.lead_state, c) AS t GROUP BY 1, 3, 4
UNION ALL
SELECT k.campaign, t.lead, t.figure, '', sum(t.number)::bigint, 0, 0
  FROM counted_companies k, company_tallies(ROW(k.*)::campaign_companies) AS t GROUP BY 1, 2, 3
UNION ALL
SELECT campaign, '', 'field', value, count(*), 0, sum(usd) FROM (
  SELECT p.campaign, t.value, t.usd
    FROM prospects p JOIN contacts c ON c.id = p.contact_id, paid_fields('', c.lineage) AS t UNION ALL
  SELECT k.campaign, t.value, t.usd
    FROM counted_companies k JOIN companies f ON f.id = k.company_id, paid_fields('company.', f.lineage) AS t) AS told
 GROUP BY campaign, value
UNION ALL
SELECT s.campaign, '', t.figure, t.value, count(*), sum(s.credits), sum(s.usd)
  FROM spend s, spend_tallies(s.state, s.provider, s.day, s.run_id) AS t GROUP BY 1, 3, 4
UNION ALL
SELECT campaign, '', 'calls', provider || ' ' || day::text, count(DISTINCT reservation), 0, 0
  FROM spend WHERE state <> 'void' GROUP BY campaign, provider, day
UNION ALL
SELECT campaign, '', 'delivery', state || ' ' || destination, count(*), 0, 0
  FROM outbox GROUP BY campaign, state, destination
UNION ALL
SELECT '', '', 'cells', '', count(*), 0, 0 FROM market_cells HAVING count(*) > 0
""",
}
_NAMES = (
    "is_complete",
    "lead_tallies",
    "person_tallies",
    "company_tallies",
    "paid_fields",
    "spend_tallies",
    "fold_tallies",
    "count_companies",
    "recount_tallies",
)


def upgrade() -> None:
    """Tables, functions and views."""
    op.create_table(
        "tallies",
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("credits", sa.Numeric(), nullable=False),
        sa.Column("usd", sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "lead", "figure", "value", name=op.f("tallies_pkey")),
    )
    op.create_table(
        "tally_changes",
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("credits", sa.Numeric(), server_default="0", nullable=False),
        sa.Column("usd", sa.Numeric(), server_default="0", nullable=False),
    )
    op.create_table(
        "campaign_companies",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("itself", sa.Integer(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "campaign", name=op.f("campaign_companies_pkey")),
    )
    op.create_index(
        "campaign_companies_most",
        "campaign_companies",
        ["campaign", "people"],
        unique=False,
        postgresql_where=sa.text("people > 1"),
    )
    for function in FUNCTIONS:
        op.execute(function)
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")


def downgrade() -> None:
    """Without them."""
    for name in [*VIEWS][::-1]:
        op.execute(f"DROP VIEW {name}")
    for name in _NAMES[::-1]:
        op.execute(f"DROP FUNCTION {name}")
    op.drop_table("campaign_companies")
    op.drop_table("tally_changes")
    op.drop_table("tallies")
