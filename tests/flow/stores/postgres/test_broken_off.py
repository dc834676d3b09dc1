"""What a batch goes through that one record, or a line that breaks at the wrong moment, would cost the others."""

import random

import psycopg
import pytest

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.ledger import differences
from leadspiders.stores.postgres.writer import Writer


@pytest.fixture
def nameless(origin):
    """Records that no key finds again: a person, a firm, and a person at an employer of whom only the name is known."""
    return [
        Contact(full_name="Ann Lee", origin=origin(0)),
        Company(name="Acme", origin=origin(1)),
        Contact(full_name="Bob Lee", company=Company(name="Somewhere"), origin=origin(2)),
    ]


@pytest.mark.parametrize("late", [1, 7], ids=["at-once", "asked-again-later"])
def test_a_commit_in_doubt_that_went_through_makes_no_twins(  # noqa: PLR0917  fixtures
    using, announce, nameless, person, keyed_hash, rows, monkeypatch, late
):
    """`late` tries break off after their COMMIT: one is tried again by the writer, seven outlast its patience."""
    monkeypatch.setattr("leadspiders.stores.postgres.retried.LONGEST_WAIT_SECONDS", 0.0)
    records = [*nameless, person(3)]

    async def work(database):
        await announce(database, len(records))
        writer = Writer(database, campaign="spring", run_id="run", keyed_hash=keyed_hash, deliver=lambda lead: [])
        write, left = writer._write, [late]

        async def broken(batch, drafts):
            outcomes = await write(batch, drafts)
            if left[0]:
                left[0] -= 1
                raise psycopg.OperationalError("the line was cut after the COMMIT")
            return outcomes

        monkeypatch.setattr(writer, "_write", broken)
        while True:
            try:
                outcomes = await writer.write(records)
            except Exception:  # noqa: BLE001  given up: whoever holds the records asks again
                continue
            async with database.connection() as connection:
                return outcomes, await differences(connection, "spring")

    outcomes, wrong = using(work)
    assert [outcome.kind for outcome in outcomes] == ["merged"] * 4
    assert wrong == []
    assert sorted(row["full_name"] for row in rows("SELECT full_name FROM contacts")) == [
        "Ann Lee",
        "Ann Lee3",
        "Bob Lee",
    ]
    assert {
        row["id"] for row in rows("SELECT id FROM contacts UNION SELECT id FROM companies WHERE name = 'Acme'")
    } == {outcome.id for outcome in outcomes}
    assert [row["name"] for row in rows("SELECT name FROM companies ORDER BY name")] == [
        "Acme",
        "Firm 1 Works",
        "Somewhere",
    ]


def test_a_value_that_no_index_takes_is_parked_alone(using, crawl, person, rows, origin):
    letters = random.Random(7).choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=9000)
    records = [person(0), Company(name="Long", uei="".join(letters), origin=origin(1)), person(2)]
    assert [outcome.kind for outcome in using(crawl, records)] == ["stored", "parked", "stored"]
    assert [row["reason"] for row in rows("SELECT reason FROM parked_records")] == ["database-program-limit-exceeded"]


def test_what_lies_damaged_parks_the_record_that_meets_it_and_no_other(  # noqa: PLR0917  fixtures
    using, write, crawl, person, origin, rows
):
    using(write, [person(0, origin=origin(0, receipt="b" * 40))])
    rows("UPDATE contacts SET email = '\\x0102' RETURNING id")
    records = [person(0, phone="+13035550100"), person(1), person(2)]
    assert [outcome.kind for outcome in using(crawl, records)] == ["parked", "stored", "stored"]
    assert [row["reason"] for row in rows("SELECT reason FROM parked_records")] == ["error-setup-error"]


def test_a_large_block_does_not_hide_a_small_one(using, write, rows):
    using(write, [Company(name="Ohio Geer Works", domain="geer.example.com", state="OH", city="Dayton")])
    using(write, [Company(name=f"Smith {n}", domain=f"smith{n}.example.com", state="OH") for n in range(60)])
    newcomers = [
        Company(name="Smith of Ohio", domain="smith-of-ohio.example.com", state="OH"),
        Company(name="Ohio Gear Works", domain="gear.example.com", state="OH", city="Dayton"),
    ]
    using(write, newcomers)
    pairs = rows(
        "SELECT a.name AS one, b.name AS other FROM pairs p JOIN companies a ON a.id = p.one"
        " JOIN companies b ON b.id = p.other"
    )
    assert {"one": "Ohio Geer Works", "other": "Ohio Gear Works"} in pairs
