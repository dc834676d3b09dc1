"""An opt-out finds whoever is stored under the trait it names, also where that is no key of the row."""

import asyncio

import psycopg
import pytest

from leadspiders.errors import ArgumentError
from leadspiders.guard.optouts import opted_out
from leadspiders.items.company import Company
from leadspiders.stores.postgres import outbox, suppressions
from leadspiders.stores.postgres.pairs import keep_apart, merge_pair
from leadspiders.stores.postgres.suppressions import Added

STATES = "SELECT lead_state AS state, count(*) FROM prospects GROUP BY 1"
OLD = "ann0@old.example.com"
WAITS_FOR_THE_LIST = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND NOT granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
def add(using):
    return lambda *entries: using(lambda database: suppressions.add(database, entries, reason="asked"))


@pytest.fixture
def states(rows):
    return lambda: {row["state"]: row["count"] for row in rows(STATES)}


@pytest.fixture
def moved(using, write, person, rows):
    """Somebody whose first address lost to a better one."""
    using(write, [person(0, email=OLD, email_status=None)])
    using(write, [person(0)])
    (row,) = rows("SELECT email_hash, traits FROM contacts")
    assert bytes(row["email_hash"]) == b"email:ann0@firm0.example.com"
    assert row["traits"] == [f"email:{f'email:{OLD}'.encode().hex()}"]


def test_an_address_that_lost_to_another(add, states, moved, rows):
    assert add(("email", f"email:{OLD}".encode())) == Added(entries=4, leads=1)
    assert states() == {"suppressed": 1}
    assert {row["kind"] for row in rows("SELECT kind FROM suppressions")} == {"email", "linkedin", "provider"}


def test_who_opts_out_by_another_trait_is_known_by_the_lost_address_too(add, using, moved):
    add(("linkedin", b"linkedin:https://www.linkedin.com/in/ann-lee-0"))
    assert using(suppressions.listed, [f"email:{OLD}".encode()])


def test_the_courier_asks_about_the_lost_address_and_the_employers_telephone(using, write, person, keyed_hash, moved):
    using(write, [Company(name="Firm 0 Works", domain="firm0.example.com", phone="+13035550100")])

    async def work(database):
        delivery, *_ = await outbox.claim(database, "spring", "hubspot", limit=5, lease_seconds=60)
        assert {f"email:{OLD}".encode(), b"phone:+13035550100"} <= delivery.traits
        async with database.connection() as connection:
            await connection.execute(
                "INSERT INTO suppressions (hash, kind, reason) VALUES (%s, 'email', 'x')", [f"email:{OLD}".encode()]
            )
        return await opted_out(database, keyed_hash, [delivery.lead], stored=[delivery.traits])

    assert using(work) == [True]


def test_all_companies_of_one_domain(add, using, write, states, rows):
    shared = {"domain": "gears.example.com", "state": "OH"}
    using(write, [Company(name="Ohio Gears", uei="ABCDEFGHIJK1", city="Dayton", street="1 A St", **shared)])
    using(write, [Company(name="Zebra Foods", uei="ABCDEFGHIJK2", city="Toledo", street="9 Z St", **shared)])
    assert rows("SELECT count(domain_key) AS keys, count(domain) AS domains FROM companies") == [
        {"keys": 1, "domains": 2}
    ]
    assert add(("domain", b"domain:gears.example.com")) == Added(entries=1, leads=2)
    assert states() == {"suppressed": 2}


def test_a_companys_telephone(add, using, write, person, states):
    using(write, [Company(name="Firm 0 Works", domain="firm0.example.com", phone="+13035550100"), person(0), person(5)])
    assert add(("phone", b"phone:+13035550100")) == Added(entries=1, leads=2)
    assert states() == {"suppressed": 2, "ready": 1}
    using(write, [person(1)])
    assert states() == {"suppressed": 3, "ready": 1}


def test_the_one_that_stays_of_two_is_known_by_all_that_both_were(add, using, write, person, rows):
    using(write, [person(0, email=None, provider_key=None)])
    using(write, [person(0, linkedin_url=None, phone="+13035550101", email=OLD, provider_key="apollo:7")])
    using(write, [person(0, phone="+13035550102", provider_key="apollo:7")])
    assert len(rows("SELECT FROM contacts")) == 1
    assert add(("phone", b"phone:+13035550101")).leads == 1


@pytest.fixture
def pair(using, write, person, rows):
    """Two firms of nearly one name; somebody of the first is a lead of one campaign, the first itself of another."""
    place = {"city": "Denver", "state": "CO"}
    using(write, [Company(name="Acme Tool", uei="ABCDEFGHIJK1", employees=120, **place)])
    using(write, [Company(name="Acme Tooll LLC", domain="acme.example.com", **place)])
    (found,) = rows("SELECT id FROM pairs")
    rows("UPDATE prospects SET campaign = 'autumn' WHERE lead_id = (SELECT one FROM pairs) RETURNING lead_id")
    using(write, [person(0, company=Company(name="Acme Tool", uei="ABCDEFGHIJK1"), email=None)])
    return found["id"]


@pytest.fixture
def merge(using, keyed_hash, scores):
    """Decide that the two of a pair are one; two campaigns judge them."""
    judges = dict.fromkeys(("spring", "autumn"), lambda lead: scores())
    return lambda pair: using(merge_pair, pair, keyed_hash, judges)


def test_a_merge_by_hand_takes_out_whom_it_ties_to_an_opt_out(merge, add, pair, rows):
    assert add(("domain", b"domain:acme.example.com")).leads == 1
    merge(pair)
    assert {(row["lead_state"], row["is_qualified"]) for row in rows("SELECT * FROM prospects")} == {
        ("suppressed", False)
    }
    assert {row["state"] for row in rows("SELECT state FROM outbox")} == {"suppressed"}


def test_what_was_kept_apart_is_not_merged(merge, using, pair, rows):
    using(keep_apart, pair)
    with pytest.raises(ArgumentError, match="decided to be two"):
        merge(pair)
    assert len(rows("SELECT FROM companies")) == 2


def test_a_long_list_lets_writers_pass_between_its_lots(add, monkeypatch, rows):
    monkeypatch.setattr(suppressions, "LOT", 2)
    many = [("email", f"{n}".encode()) for n in range(5)]
    assert (add(*many), add(*many)) == (Added(5, 0), Added(0, 0))
    assert rows("SELECT count(DISTINCT xmin::text) AS lots FROM suppressions") == [{"lots": 3}]


def test_a_writer_that_folds_holds_no_prospect_while_it_waits_for_the_list(using, write, person, database, states):
    using(write, [person(0, email=None, provider_key=None), person(0, linkedin_url=None)])
    assert states() == {"ready": 2}

    async def work(opened):
        async with await psycopg.AsyncConnection.connect(database) as adding:
            await suppressions.writers_wait(adding)
            writing = asyncio.ensure_future(write(opened, [person(0, title="CFO")]))
            while (await (await adding.execute(WAITS_FOR_THE_LIST)).fetchone()) == (0,):
                assert not writing.done()
            await adding.execute("SELECT FROM prospects FOR UPDATE NOWAIT")
        await writing

    using(work)
    assert states() == {"ready": 1}
