"""One writer with several batches on their way: what they share is made once, what they do not share does not wait."""

import asyncio
from dataclasses import replace

import pytest

from leadspiders.errors import StoreError
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.market_cell import MarketCell
from leadspiders.stores.postgres.ledger import differences
from leadspiders.stores.postgres.writer import Writer

CELL = MarketCell(
    area_fips="39049", own_code="5", industry_code="10", agglvl_code="71", size_code="0", year=2023, qtr="A",
    disclosure_code="", establishments=3, employment=1, total_wages=None, avg_weekly_wage=None,
)  # fmt: skip


@pytest.fixture
def writer(keyed_hash):
    def made(database):
        return Writer(
            database, campaign="spring", run_id="run", keyed_hash=keyed_hash, deliver=lambda lead: ["hubspot"]
        )

    return made


def test_colleagues_in_three_batches_at_once_are_planned_once(  # noqa: PLR0917  fixtures
    using, announce, writer, person, origin, rows, monkeypatch
):
    """Nobody fails on a key that another batch is just writing."""
    monkeypatch.setattr("leadspiders.stores.postgres.writer.PLANS", 1)

    async def work(database):
        await announce(database, 36)
        shared = writer(database)
        batches = [[person(n, origin=origin(n)) for n in range(number, 36, 3)] for number in range(3)]
        outcomes = await asyncio.gather(*map(shared.write, batches))
        async with database.connection() as connection:
            return outcomes, await differences(connection, "spring")

    outcomes, wrong = using(work)
    assert [outcome.kind for batch in outcomes for outcome in batch] == ["stored"] * 36
    assert len(rows("SELECT FROM companies")) == 12
    assert wrong == rows("SELECT FROM parked_records") == []


def test_firms_of_nearly_one_name_in_two_batches_are_noted_as_a_pair(using, writer, rows):
    async def work(database):
        shared = writer(database)
        one = Company(name="Ohio Gear Works", domain="ohio-gear.example.com", state="OH", city="Dayton")
        other = Company(name="Ohio Geer Works", domain="geer.example.com", state="OH", city="Dayton")
        await asyncio.gather(shared.write([one]), shared.write([other]))

    using(work)
    assert len(rows("SELECT FROM companies")) == 2
    assert len(rows("SELECT FROM pairs")) == 1


def test_a_batch_that_is_held_up_holds_up_no_other(using, writer, person, rows):
    """The first waits for a row that somebody else has; the second is stored meanwhile."""

    async def work(database):
        shared = writer(database)
        await shared.write([person(0)])
        async with database.connection() as connection:
            await connection.execute("SELECT FROM companies FOR UPDATE")
            held_up = asyncio.create_task(shared.write([person(1)]))
            stored = await asyncio.wait_for(shared.write([person(3)]), 10)
            assert not held_up.done()
        return stored, await held_up

    stored, after = using(work)
    assert [one.kind for one in (*stored, *after)] == ["stored", "stored"]


def test_what_was_stored_of_a_batch_whose_rest_failed_makes_no_twins(  # noqa: PLR0917  fixtures
    using, announce, writer, person, origin, rows
):
    """The rest waits for another batch, and then Postgres is away: the caller asks for all of it again."""

    async def work(database):
        await announce(database, 3)
        shared = writer(database)
        write, failures = shared._write, [StoreError("Postgres is away")]
        batch = [Contact(full_name="Ann Lee", origin=origin(0)), person(4, origin=origin(1))]

        async def broken(records, drafts):
            if records[0] is batch[1] and failures:
                raise failures.pop()
            return await write(records, drafts)

        shared._write = broken
        first = asyncio.create_task(shared.write([person(3, origin=origin(2))]))
        await asyncio.sleep(0)
        half = await shared.write(batch)
        await first
        outcomes = await shared.write(batch)
        async with database.connection() as connection:
            return half, outcomes, await differences(connection, "spring")

    half, outcomes, wrong = using(work)
    assert half[0].kind == "stored"
    assert isinstance(half[1], StoreError)
    assert [outcome.kind for outcome in outcomes] == ["merged", "stored"]
    assert wrong == []
    assert len(rows("SELECT FROM contacts")) == 3


def test_the_last_batch_says_what_a_market_cell_holds(using, writer, rows):
    """The same cell twice, at once: the later reading stays."""

    async def work(database):
        shared = writer(database)
        readings = [replace(CELL, employment=number) for number in range(1, 9)]
        return await asyncio.gather(*(shared.write([one]) for one in readings))

    outcomes = using(work)
    assert [one.kind for [one] in outcomes] == ["stored"] + ["merged"] * 7
    assert rows("SELECT employment FROM market_cells") == [{"employment": 8}]


def test_a_lead_that_somebody_moves_on_does_not_fall_back(using, writer, person, rows, until_one_waits):
    """Another writer has its standing in hand: what it makes of it is seen."""

    async def work(database):
        shared = writer(database)
        await shared.write([person(0, lead_state="identified")])
        async with database.connection() as connection:
            await connection.execute("UPDATE prospects SET lead_state = 'ready'")
            other = asyncio.create_task(shared.write([person(0, lead_state="enriched", phone="+13035550199")]))
            await until_one_waits(database)
        await other

    using(work)
    assert rows("SELECT lead_state FROM prospects") == [{"lead_state": "ready"}]
