"""Several writers over the same people: no twins, nothing lost, nobody stuck."""

import asyncio
import random

import psycopg
import pytest

from leadspiders.errors import StoreError
from leadspiders.items.company import Company
from leadspiders.stores.postgres import writer as writer_module
from leadspiders.stores.postgres.pool import Database

WRITERS, PEOPLE, BATCH = 4, 60, 12


def test_four_writers_of_the_same_people_make_each_once(using, crawl, person, origin, rows):
    async def one(database, number):
        order = random.Random(number)
        people = [person(n, origin=origin(n, receipt=f"r{number}")) for n in range(PEOPLE)]
        order.shuffle(people)
        for start in range(0, PEOPLE, BATCH):
            await crawl(database, people[start : start + BATCH], seen=PEOPLE, receipt=f"r{number}")

    async def work(database):
        await asyncio.gather(*(one(database, number) for number in range(WRITERS)))

    using(work)
    assert len(rows("SELECT FROM contacts")) == PEOPLE
    assert len(rows("SELECT FROM companies")) == PEOPLE // 3
    assert len(rows("SELECT FROM prospects")) == len(rows("SELECT FROM outbox")) == PEOPLE
    (total,) = rows(
        "SELECT sum((counts->>'stored')::int) AS stored, sum((counts->>'merged')::int) AS merged FROM receipts"
    )
    assert total == {"stored": PEOPLE, "merged": PEOPLE * (WRITERS - 1)}


def test_firms_known_by_name_and_place_only_are_made_once(using, write, rows):
    async def work(database):
        firms = [Company(name=f"Firm {n}", city="Dayton", state="OH") for n in range(20)]
        await asyncio.gather(*(write(database, firms[number:] + firms[:number]) for number in range(WRITERS)))

    using(work)
    assert len(rows("SELECT FROM companies")) == 20


def test_writers_that_block_each_other_both_get_through(using, write, person, rows, until_one_waits):
    """Each holds a row that the other one wants next: Postgres ends one of them, which then tries again."""

    async def work(database):
        await write(database, [person(0), person(3)])
        async with database.connection() as connection:
            await connection.execute("UPDATE companies SET street = 'a' WHERE domain = 'firm1.example.com'")
            other = asyncio.create_task(write(database, [person(n, phone=f"+1303555010{n}") for n in (0, 3)]))
            await until_one_waits(database)
            await connection.execute("SET LOCAL deadlock_timeout = '1min'")  # the writer is the one to give way
            await connection.execute("UPDATE companies SET street = 'b' WHERE domain = 'firm0.example.com'")
        return await other

    assert [outcome.kind for outcome in using(work)] == ["merged", "merged"]
    assert {row["street"] for row in rows("SELECT street FROM companies")} == {"a", "b"}
    assert len(rows("SELECT FROM contacts WHERE phone IS NOT NULL")) == 2


def test_a_connection_that_is_cut_is_tried_again(using, crawl, person, rows, monkeypatch):
    note, cut = writer_module.note, []

    async def cut_once(connection, *args):
        if not cut:
            cut.append(connection.info.backend_pid)
            rows("SELECT pg_terminate_backend(%s)", *cut)
        return await note(connection, *args)

    monkeypatch.setattr(writer_module, "note", cut_once)

    assert [outcome.kind for outcome in using(crawl, [person(0)])] == ["stored"]
    assert cut
    assert rows("SELECT counts FROM receipts") == [{"counts": {"stored": 1}}]


def test_a_commit_whose_answer_got_lost_is_not_counted_twice(using, crawl, person, rows, monkeypatch):
    """The line is cut after the COMMIT: the writer cannot know, and writes the batch once more."""
    committed = []
    whole = writer_module.Writer._write

    async def cut_after(self, *given):
        outcomes = await whole(self, *given)
        if not committed:
            committed.append(outcomes)
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return outcomes

    monkeypatch.setattr(writer_module.Writer, "_write", cut_after)

    using(crawl, [person(0), person(1)])
    assert rows("SELECT counts, settled FROM receipts") == [{"counts": {"stored": 2}, "settled": [0, 1]}]


def test_a_database_that_is_away_is_said_in_one_line(write, person):
    async def work():
        await write(Database("postgresql://me@127.0.0.1:1/leads"), [person(0)])

    with pytest.raises(StoreError, match=r"127\.0\.0\.1:1/leads"):
        asyncio.run(work())
