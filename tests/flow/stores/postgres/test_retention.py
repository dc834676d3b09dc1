from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from leadspiders.campaigns.upkeep import Retention
from leadspiders.rules.audit_chain import Chain, Entry
from leadspiders.stores.postgres.audit import AuditTable
from leadspiders.stores.postgres.audit import verify as verify_audit
from leadspiders.stores.postgres.ledger import differences
from leadspiders.stores.postgres.raw_records import raw_record
from leadspiders.stores.postgres.retention import Retainer
from leadspiders.stores.postgres.writer import Refusal

NOW = datetime.now(UTC)
CHAIN = Chain(b"k" * 32)
AGED = ("prospects.updated_at", "contacts.updated_at", "outbox.updated_at")


@pytest.fixture
def crawled(using, announce, write, person, origin, database):  # noqa: PLR0917  fixtures
    """Six people, one of them parked for its age, in the campaign `spring`."""

    async def work(opened):
        await announce(opened, 7, raw=b"<page>")
        refusal = Refusal(origin=origin(6), outcome="parked", reason="odd", stage="normalize", payload={"name": "Ann"})
        await write(opened, [*(person(n) for n in range(6)), refusal])

    using(work)
    return database


@pytest.fixture
def retain(using, keyed_hash):
    """Run the retention; returns what went by kind, and by campaign or `*`."""

    def run(rules=None, *, campaign=None, dry=False, now=NOW):
        async def work(opened):
            retainer = Retainer(
                opened, rules=rules or {"spring": Retention()}, chain=CHAIN, keyed_hash=keyed_hash, now=now, dry=dry
            )
            return await retainer.run(campaign)

        return {(step.kind, step.campaign or "*"): step for step in using(work)}

    return run


def age(url, days, *, columns=AGED, where="true"):
    """Make rows `days` older than they are."""
    with psycopg.connect(url) as connection:
        for name in columns:
            table, column = name.split(".")
            connection.execute(f"UPDATE {table} SET {column} = now() - make_interval(days => %s) WHERE {where}", [days])


def gone(steps):
    return {name: step.gone for name, step in steps.items() if step.gone}


def test_what_is_young_stays(crawled, retain):
    steps = retain()
    assert gone(steps) == {}
    assert steps["leads", "spring"].next_due.date() == (NOW + timedelta(days=90)).date()


def test_people_who_did_not_convert_go_and_their_companies_stay(crawled, retain, rows, using):
    age(crawled, 91)
    with psycopg.connect(crawled) as connection:
        connection.execute(
            "INSERT INTO lead_outcomes (campaign, lead_id, outcome, was_qualified, source)"
            " SELECT campaign, lead_id, 'won', true, 'crm' FROM prospects ORDER BY lead_id LIMIT 1"
        )
    companies = rows("SELECT count(*) FROM companies")
    assert gone(retain(dry=True)) == {("leads", "spring"): 5}
    assert rows("SELECT count(*) FROM contacts")[0]["count"] == 6
    assert gone(retain()) == {("leads", "spring"): 5}
    again = retain()
    assert gone(again) == {}
    assert again["leads", "spring"].next_due is None  # who was won is never due
    assert rows("SELECT count(*) FROM contacts")[0]["count"] == 1
    assert rows("SELECT count(*) FROM outbox")[0]["count"] == 1
    assert rows("SELECT count(*) FROM companies") == companies
    assert rows("SELECT DISTINCT cause FROM removed_rows") == [{"cause": "expired"}]

    async def check(opened):
        async with opened.connection() as connection:
            return await differences(connection, "spring")

    assert using(check) == []


@pytest.mark.parametrize("column", AGED)
def test_who_was_touched_since_stays(crawled, retain, column):
    age(crawled, 91)
    age(crawled, 89, columns=[column])
    assert gone(retain()) == {}


def test_the_campaign_that_keeps_a_person_longest_decides(crawled, retain):
    with psycopg.connect(crawled) as connection:
        connection.execute(
            "INSERT INTO prospects (lead_id, campaign, contact_id, lead_state)"
            " SELECT lead_id, 'autumn', contact_id, 'ready' FROM prospects ORDER BY lead_id LIMIT 2"
        )
    age(crawled, 91)
    rules = {"spring": Retention(), "autumn": Retention(leads_days=365)}
    assert gone(retain(rules)) == {("leads", "spring"): 4}


def test_what_a_crawl_holds_is_left_to_the_next_run(crawled, retain):
    age(crawled, 91)
    with psycopg.connect(crawled) as crawl:
        crawl.execute("SELECT FROM contacts ORDER BY id LIMIT 2 FOR UPDATE")
        assert gone(retain()) == {("leads", "spring"): 4}
    assert gone(retain()) == {("leads", "spring"): 2}


def test_paid_replies_go_with_their_leads(crawled, retain, rows, keyed_hash):
    age(crawled, 91, where="true")
    lead = keyed_hash("fact", "apollo:0").hex()
    with psycopg.connect(crawled) as connection:
        connection.execute(
            "INSERT INTO spend (id, reservation, campaign, run_id, provider, offer, fact, lead, state, credits, usd,"
            " usd_per_credit, price) VALUES (gen_random_uuid(), gen_random_uuid(), 'spring', 'run', 'apollo', 'match',"
            " 'fact', %s, 'settled', 1, 0.1, 0.1, 'list')",
            [lead],
        )
        connection.execute("INSERT INTO paid_replies (provider, fact, reply) VALUES ('apollo', 'fact', 'x')")
        connection.execute("INSERT INTO paid_replies (provider, fact, reply) VALUES ('apollo', 'other', 'x')")
    retain()
    assert rows("SELECT fact FROM paid_replies") == [{"fact": "other"}]
    assert rows("SELECT count(*) FROM spend")[0]["count"] == 1
    age(crawled, 91, columns=["paid_replies.received_at"])
    assert gone(retain()) == {("replies", "*"): 1}


def test_contents_of_parked_records_go_and_their_count_stays(crawled, retain, rows):
    age(crawled, 91, columns=["parked_records.created_at"])
    assert gone(retain()) == {("parked", "spring"): 1}
    assert rows("SELECT reason, payload FROM parked_records") == [{"reason": "odd", "payload": None}]


def test_raw_records_go_by_their_campaign_and_whole_months_at_once(crawled, retain, rows, using, announce):
    age(crawled, 31, columns=["raw_records.received_at"])
    assert gone(retain(dry=True)) == {("raw", "spring"): 1}
    assert gone(retain({"spring": Retention(raw_days=60)})) == {}
    assert gone(retain()) == {("raw", "spring"): 1}
    assert using(lambda opened: raw_record(opened, run_id="run", receipt="a" * 40)) is None
    months = "SELECT count(*) FROM pg_tables WHERE schemaname = 'raw_months'"
    before = rows(months)[0]["count"]
    using(lambda opened: announce(opened, 1, receipt="b" * 40, raw=b"<page>"))
    assert gone(retain(now=NOW + timedelta(days=120)))["raw", "spring"] == 1
    assert rows(months)[0]["count"] == before - 2


def test_the_trail_is_cut_at_its_beginning_and_stays_whole(crawled, retain, using):
    def entry(days):
        return Entry(
            at=NOW - timedelta(days=days),
            run_id="run",
            campaign="spring",
            spider="apollo",
            worker="w",
            api=None,
            purpose=None,
            method="GET",
            url="https://api.example.com",
            status=200,
            error=None,
            bytes=1,
            milliseconds=1,
            credential=None,
            headers={},
        )

    using(lambda opened: AuditTable(opened, CHAIN).append([entry(days) for days in (1200, 1199, 1100, 3)]))
    assert gone(retain(dry=True)) == {("audit", "*"): 3}
    assert gone(retain()) == {("audit", "*"): 3}
    verdict = using(lambda opened: verify_audit(opened, CHAIN))
    assert (verdict.problem, verdict.rows, verdict.dropped) == (None, 1, 3)
