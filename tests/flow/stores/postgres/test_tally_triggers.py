"""Statements that change many rows in different ways are counted whole, and cost as much as their rows."""

import psycopg
import pytest

from leadspiders.items.company import Company
from leadspiders.items.evidence import Evidence
from leadspiders.stores.postgres.tallies import drifted_tallies
from tests.flow.stores.postgres.conftest import NOW

PAID = {"email": Evidence(source="apollo", at=NOW, receipt="paid", cost_usd=0.1, confidence=0.9)}
# Each changes some rows in one way and some in another, and leaves some as they are.
LEADS = (
    """UPDATE contacts SET title = CASE WHEN full_name < 'Ann Lee3' THEN title || '!' ELSE title END,
              email_status = CASE WHEN full_name > 'Ann Lee1' THEN 'risky' END""",
    """UPDATE contacts SET company_id = (SELECT id FROM companies ORDER BY id LIMIT 1),
              lineage = CASE WHEN full_name > 'Ann Lee3' THEN '[]' ELSE lineage END""",
    "UPDATE contacts SET company_id = NULL WHERE full_name < 'Ann Lee2'",
    "UPDATE contacts SET phone = NULL",
    """UPDATE companies SET employees = CASE WHEN employees IS NULL THEN 7 END,
              lineage = lineage || '[["hunter", 1, "x", 0.5, "ee,in"]]'""",
    "UPDATE companies SET employees = 9, industry = 'retail', domain = coalesce(domain, 'a.example.com')",
    "UPDATE companies SET name = name",
    """UPDATE prospects SET fit = nullif(fit, 70), quality = 3, created_at = created_at - interval '1 day',
              lead_state = CASE lead_state WHEN 'ready' THEN 'rejected' WHEN 'rejected' THEN 'ready' ELSE lead_state END
        WHERE campaign = 'spring'""",
    """UPDATE prospects SET campaign = CASE campaign WHEN 'spring' THEN 'summer' ELSE 'winter' END,
              is_qualified = false WHERE lead_id = contact_id""",
    "UPDATE prospects SET campaign = 'spring' WHERE campaign = 'summer'",
    """UPDATE outbox SET state = CASE WHEN lead_id = (SELECT lead_id FROM outbox ORDER BY 1 LIMIT 1) THEN 'sent'
                                      ELSE state END""",
    "UPDATE prospects SET fit = 1 WHERE false",
    "DELETE FROM prospects WHERE false",
)
BUY = """
INSERT INTO spend (id, reservation, campaign, run_id, provider, offer, fact, state, credits, usd, usd_per_credit, price)
SELECT gen_random_uuid(), lpad((n / 5)::text, 32, '0')::uuid, 'spring', 'run', 'apollo', 'match', n::text,
       CASE n % 5 WHEN 0 THEN 'void' ELSE 'settled' END, 1, 0.02, 0.02, 'list' FROM generate_series(1, {}) AS n
"""
PURCHASES = (
    BUY.format(40),
    "UPDATE spend SET state = 'void' WHERE fact::int % 5 > 1",  # of each call one fact is left
    "UPDATE spend SET state = CASE state WHEN 'void' THEN 'unknown' ELSE 'void' END, usd = 3 WHERE fact::int < 20",
    "UPDATE spend SET provider = 'hunter', day = day - 1 WHERE fact::int % 7 = 0",
    "UPDATE spend SET reservation = lpad((fact::int / 9)::text, 32, '0')::uuid, campaign = 'fall' WHERE fact::int > 10",
    "DELETE FROM spend WHERE fact::int % 3 = 0",
    "DELETE FROM spend",
)
MEET = (
    """
INSERT INTO companies (id, name, lineage)
SELECT lpad(n::text, 32, '0')::uuid, 'Firm', '[["apollo", 1, "x", 0.5, "na"]]' FROM generate_series({0}, {1}) AS n
""",
    """
INSERT INTO contacts (id, company_id, lineage)
SELECT ('f' || lpad(n::text, 31, '0'))::uuid, lpad(n::text, 32, '0')::uuid, '[["apollo", 1, "x", 0.5, "em"]]'
  FROM generate_series({0}, {1}) AS n
""",
    """
INSERT INTO prospects (lead_id, campaign, contact_id, lead_state)
SELECT id, 'spring', id, 'ready' FROM contacts WHERE NOT EXISTS (SELECT FROM prospects WHERE contact_id = contacts.id)
""",
)
# By their keys, as the writer does it.
COMPANIES, PEOPLE = (
    "SELECT id FROM companies ORDER BY id DESC LIMIT %s",
    "SELECT id FROM contacts ORDER BY id DESC LIMIT %s",
)
CHANGES = (
    (COMPANIES, "UPDATE companies SET domain = 'a', lineage = '[]', industry = 'b', employees = 3 WHERE id = ANY(%s)"),
    (PEOPLE, "UPDATE contacts SET title = 'PPC', lineage = '[]', company_id = NULL WHERE id = ANY(%s)"),
    (PEOPLE, "UPDATE prospects SET fit = 1, lead_state = 'rejected' WHERE lead_id = ANY(%s)"),
    (PEOPLE, "DELETE FROM prospects WHERE lead_id = ANY(%s)"),
)
READ = """
SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname = ANY(%(tables)s))::int
     + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = ANY(%(tables)s))::int
"""
MANY, FEW, SOME = 4_000, 100, 20


async def drift(database):
    found = []
    async with database.connection() as connection:
        for campaign in ("spring", "summer", "fall", "winter"):
            found += await drifted_tallies(connection, campaign)
    return found


def test_counts_follow_statements_that_change_many_rows(using, write, person):
    async def work(database):
        await write(database, [person(n, lineage=PAID) for n in range(6)])
        await write(database, [Company(name="Lead", uei="ABCDEFGHIJK1")])
        await write(database, [person(2, lineage=PAID), person(7)], campaign="fall")
        for statement in (*LEADS, *PURCHASES):
            async with database.connection() as connection:
                changed = (await connection.execute(statement)).rowcount
            assert (changed == 0) == statement.endswith("WHERE false"), statement
            assert not await drift(database), statement

    using(work)


def rows_read(line, tables, statement, *values):
    """How many rows a statement reads of these tables, through whatever index, with all that its triggers read."""

    def so_far():
        line.execute("SELECT pg_stat_force_next_flush()")
        return line.execute(READ, {"tables": tables}).fetchone()[0]

    before = so_far()
    line.execute(statement, values)
    return so_far() - before


def test_a_purchase_is_counted_without_a_look_at_the_others(database):
    """Also by plans that were made when there were none."""
    with psycopg.connect(database, autocommit=True) as line:
        for _ in range(2):
            line.execute(BUY.format(MANY))
            line.execute("UPDATE spend SET state = 'unknown' WHERE state = 'settled'")
            read = rows_read(line, ["spend"], "DELETE FROM spend")
            line.execute("VACUUM ANALYZE spend")
        assert MANY <= read < 20 * MANY


@pytest.mark.parametrize(("choice", "change"), CHANGES)
def test_a_lead_is_counted_without_a_look_at_the_others(database, choice, change):
    """Also by plans that were made when there were few."""
    tables = ["companies", "contacts", "prospects", "campaign_companies"]
    with psycopg.connect(database, autocommit=True) as line:
        for first, last in ((1, FEW), (FEW + 1, MANY)):
            for statement in MEET:
                line.execute(statement.format(first, last))
            ids = [id_ for (id_,) in line.execute(choice, [SOME])]
            read = rows_read(line, tables, change, ids)
        assert SOME <= read < 50 * SOME
