"""Fills a database with as many made-up companies and people as asked, by SQL alone: a million in two minutes."""

from datetime import UTC, datetime
from functools import reduce

import psycopg

from leadspiders.items.evidence import Evidence
from leadspiders.stores.postgres.lineage import packed

CAMPAIGN = "performance_marketers"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)

_STEPS = (
    """
INSERT INTO runs (run_id, campaign, started_at, completed_at)
SELECT 'run' || n, %(campaign)s, now() - make_interval(days => 20 - n), now() - make_interval(days => 19 - n)
  FROM generate_series(1, 20) AS n
""",
    """
INSERT INTO receipts (run_id, receipt, campaign, source, url, seen, counts, settled, exhausted, opened_at, closed_at)
SELECT 'run' || 1 + n %% 20, md5('receipt' || n) || '.0', %(campaign)s, 'apollo', 'https://api.example.com/' || n, 100,
       '{"stored": 80, "merged": 12, "refused:no-title": 7, "parked:odd": 1}',
       (SELECT array_agg(i) FROM generate_series(0, 99) AS i),
       true, now() - make_interval(secs => n), now()
  FROM generate_series(1, %(size)s / 80) AS n
""",
    """
INSERT INTO companies (id, name, domain, website, industry, naics_code, employees, city, state, country, metro,
       lineage, domain_key, name_place_key, block_key, source, collected_at, run_id, receipt, created_at, updated_at)
SELECT lpad(to_hex(n), 32, '0')::uuid, 'Company ' || n, 'company' || n || '.example.com',
       'https://company' || n || '.example.com', 'retail', '54' || (1000 + n %% 60), 50 + n %% 1150, 'Denver', 'CO',
       'US', 'Denver', {company_lineage}, decode(md5('d' || n), 'hex'), decode(md5('n' || n), 'hex'),
       decode(md5('b' || n / 3), 'hex'), 'apollo', now(), 'run' || 1 + n %% 20, NULL,
       now() - make_interval(secs => n * 0.3), now() - make_interval(secs => n * 0.3)
  FROM generate_series(1, %(size)s) AS n
""",
    """
INSERT INTO contacts (id, company_id, full_name, first_name, last_name, title, seniority, email, email_status,
       linkedin_url, provider_id, city, state, country, metro, lineage, linkedin_key, email_key, provider_key,
       email_hash, block_key, source, collected_at, run_id, receipt, record_index, created_at, updated_at)
SELECT (lpad(to_hex(n), 24, '0') || 'ffffffff')::uuid,
       lpad(to_hex(n - CASE WHEN n %% 40 = 0 THEN 1 ELSE 0 END), 32, '0')::uuid, 'Ann Lee' || n, 'Ann',
       'Lee' || n, 'PPC Manager', 'manager',
       CASE WHEN n %% 5 > 0 THEN decode(md5('e' || n) || md5('f' || n), 'hex') END,
       CASE n %% 5 WHEN 0 THEN NULL WHEN 1 THEN 'risky' ELSE 'valid' END, 'https://www.linkedin.com/in/ann-lee-' || n,
       'apollo:' || n, 'Denver', 'CO', 'US', 'Denver', {contact_lineage}, decode(md5('l' || n), 'hex'),
       decode(md5('e' || n), 'hex'), decode(md5('p' || n), 'hex'), decode(md5('e' || n), 'hex'),
       decode(md5('k' || n), 'hex'), 'apollo', now(), 'run' || 1 + (1 + n / 80) %% 20,
       md5('receipt' || 1 + n / 80) || '.0', n %% 80,
       now() - make_interval(secs => n * 0.3), now() - make_interval(secs => n * 0.3)
  FROM generate_series(1, %(size)s) AS n
""",
    """
INSERT INTO prospects (lead_id, campaign, contact_id, lead_state, quality, quality_points, fit, fit_points, variant,
       version, is_qualified, run_id, created_at, updated_at)
SELECT id, %(campaign)s, id, CASE record_index %% 4 WHEN 0 THEN 'identified' WHEN 1 THEN 'enriched' ELSE 'ready' END,
       record_index + 20, '[[30, "required fields", "all six"], [30, "e-mail", "valid"]]',
       20 + record_index, '[[20, "industry", "retail"], [25, "size", "120"], [10, "place", "Denver"]]',
       CASE record_index %% 2 WHEN 0 THEN 'a' ELSE 'b' END, '1', record_index > 55, run_id, created_at, updated_at
  FROM contacts
""",
    """
INSERT INTO outbox (campaign, destination, lead_id, state, external_id, sent_at, created_at, updated_at)
SELECT campaign, 'hubspot', lead_id, 'sent', md5(lead_id::text), updated_at, created_at, updated_at
  FROM prospects WHERE lead_state = 'ready'
""",
    """
INSERT INTO lead_outcomes (campaign, lead_id, outcome, variant, was_qualified, source, value_usd)
SELECT campaign, lead_id, CASE WHEN quality %% 3 = 0 THEN 'won' ELSE 'lost' END, variant, is_qualified, 'crm', 100
  FROM prospects WHERE quality %% 40 = 3
""",
    """
INSERT INTO spend (id, reservation, campaign, run_id, provider, offer, fact, lead, state, credits, usd,
       usd_per_credit, price, day, reserved_at, settled_at)
SELECT lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n / 10), 32, '0')::uuid, %(campaign)s, 'run' || 1 + n %% 20,
       CASE n %% 3 WHEN 0 THEN 'hunter' ELSE 'apollo' END, 'match', md5('fact' || n), md5('lead' || n), 'settled', 1,
       0.02, 0.02, 'list', current_date - n %% 20, now() - make_interval(secs => n), now()
  FROM generate_series(1, %(size)s / 2) AS n
""",
    """
INSERT INTO spend_totals (campaign, scope, name, credits, usd)
SELECT campaign, scope, name, sum(credits), sum(usd) FROM spend,
       LATERAL (VALUES ('campaign', ''), ('run', run_id), ('day', day::text), ('provider', provider)) AS t (scope, name)
 GROUP BY campaign, scope, name
""",
    """
INSERT INTO parked_records (id, campaign, run_id, source, receipt, record_index, stage, reason)
SELECT gen_random_uuid(), %(campaign)s, run_id, source, receipt, 99, 'normalize', 'odd' FROM receipts
""",
    """
INSERT INTO market_cells (area_fips, own_code, industry_code, agglvl_code, size_code, year, qtr, disclosure_code,
       establishments, employment)
SELECT lpad((1 + n %% 56)::text, 2, '0') || '000', '5', (1000 + n / 504)::text,
       CASE WHEN n %% 9 = 0 THEN '64' ELSE '74' END,
       (1 + n / 56 %% 9)::text, 2025, '1', '', 10, 100 FROM generate_series(1, 50000) AS n ON CONFLICT DO NOTHING
""",
)
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
 WHERE c.relname IN ('companies', 'contacts', 'prospects', 'outbox', 'spend') AND NOT i.indisprimary
"""
_RECEIPT = "md5('receipt' || n / 100) || '.0'"


def _lineage(*fields: str) -> str:
    """What fields that were bought in one reply say of themselves: the rest is from the record that made the row."""
    claim = packed(dict.fromkeys(fields, Evidence(source="apollo", at=NOW, receipt="", confidence=0.9)))[0][-1]
    seconds = int(NOW.timestamp())
    return f"jsonb_build_array(jsonb_build_array('apollo', {seconds}, {_RECEIPT}, 0.002, '{claim}'))"


def fill(url: str, size: int) -> None:
    """`size` companies with one person each, their receipts, prospects, deliveries, outcomes and spending."""
    lineage = {
        "company_lineage": _lineage("employees", "industry"),
        "contact_lineage": _lineage("email", "email_status", "linkedin_url"),
    }
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
        # Without triggers, foreign keys and indexes; everything is made and counted at the end.
        connection.execute("SET session_replication_role = replica")
        indexes = [index for _, index in connection.execute(_INDEXES).fetchall()]
        for name, _ in connection.execute(_INDEXES).fetchall():
            connection.execute(f"DROP INDEX {name}")
        for step in _STEPS:
            filled = reduce(lambda done, name: done.replace("{" + name + "}", lineage[name]), lineage, step)
            connection.execute(filled, {"campaign": CAMPAIGN, "size": size})
        for index in indexes:
            connection.execute(index)
        connection.execute("SET session_replication_role = origin")
        connection.execute("SELECT recount_tallies()")
        connection.execute("VACUUM ANALYZE")
