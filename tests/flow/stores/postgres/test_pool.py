import asyncio
import re

import pytest
from psycopg import OperationalError
from psycopg_pool import AsyncConnectionPool

from leadspiders.errors import StoreError
from leadspiders.stores.postgres.failures import passing
from leadspiders.stores.postgres.pool import Database


async def _one(database):
    async with database.connection() as connection:
        return (await (await connection.execute("SELECT current_setting('application_name')")).fetchone())[0]


def test_it_opens_at_its_first_use_and_says_who_asks(using):
    assert using(_one) == "leadspiders"


def test_it_opens_again_after_it_was_closed(using):
    async def twice(database):
        await _one(database)
        await database.close()
        return await _one(database)

    assert using(twice) == "leadspiders"


def test_what_fails_is_rolled_back(using):
    async def work(database):
        async def broken():
            async with database.connection() as connection:
                await connection.execute("INSERT INTO installation VALUES ('a', 'b')")
                raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            await broken()
        async with database.connection() as connection:
            return (await (await connection.execute("SELECT count(*) FROM installation")).fetchone())[0]

    assert using(work) == 0


@pytest.mark.parametrize(
    ("sqlstate", "raised"), [("40P01", StoreError), ("57P01", StoreError), ("54000", OperationalError)]
)
def test_only_what_passes_is_told_as_the_stores_fault(using, sqlstate, raised):
    """A value that is too long for an index is a record's fault, which the writer has to see."""

    async def work(database):
        with pytest.raises(raised, match=r"^(Postgres .*\()?so it is") as caught:
            async with database.connection() as connection:
                await connection.execute(
                    f"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '{sqlstate}' USING MESSAGE = 'so it is'; END $$"
                )
        return caught.value

    error = using(work)
    assert passing(error) is (raised is StoreError)
    assert "CONTEXT" not in str(error) or raised is OperationalError


def test_more_users_than_connections_take_turns(using):
    async def work(database):
        return await asyncio.gather(*(_one(database) for _ in range(20)))

    assert len(using(work)) == 20


def test_nobody_at_the_address_is_one_line_without_the_password():
    async def use():
        async with Database("postgresql://me:secret@127.0.0.1:1/leads").connection():
            pass

    with pytest.raises(StoreError, match=re.escape("127.0.0.1:1/leads")) as caught:
        asyncio.run(use())
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_line_that_is_cut_in_the_middle_is_said_in_one_line(using, rows):
    async def work(database):
        async with database.connection() as connection:
            rows("SELECT pg_terminate_backend(%s)", connection.info.backend_pid)
            await connection.execute("SELECT 1")

    with pytest.raises(StoreError, match="does not answer"):
        using(work)


def test_after_a_cut_the_next_one_gets_a_line_that_works(using, rows):
    async def work(database):
        async with database.connection() as connection:
            pid = connection.info.backend_pid
        rows("SELECT pg_terminate_backend(%s, 10000)", pid)
        return await _one(database)

    assert using(work) == "leadspiders"


def test_a_line_on_which_nothing_came_in_is_not_asked_about(using, monkeypatch):
    asked = []

    async def ask(connection):
        asked.append(connection)

    async def thrice(database):
        for _ in range(3):
            assert await _one(database) == "leadspiders"

    monkeypatch.setattr(AsyncConnectionPool, "check_connection", ask)
    using(thrice)
    assert asked == []
