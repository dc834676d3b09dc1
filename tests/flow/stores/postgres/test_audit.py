"""The trail in a real database: whatever is changed behind the program's back is found, and named."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import psycopg
import pytest

from leadspiders.errors import StoreError
from leadspiders.rules.audit_chain import Chain, Entry
from leadspiders.stores.postgres import audit
from leadspiders.stores.postgres.audit import AuditTable, Verdict, drop_before, verify
from leadspiders.stores.postgres.pool import Database

T = TypeVar("T")
CHAIN = Chain(bytes(32))
BEGAN = datetime(2026, 1, 1, 12, 30, 15, 123456, tzinfo=UTC)
ENTRY = Entry(
    at=BEGAN,
    run_id="run",
    campaign="spring",
    spider="apollo",
    worker="host:1",
    api="apollo",
    purpose=None,
    method="GET",
    url="https://api.example/ä?page=1",
    status=200,
    error=None,
    bytes=10,
    milliseconds=20,
    credential="apollo-1",
    headers={"retry-after": "3", "content-type": "application/json"},
)


def entries(number: int) -> list[Entry]:
    """One a day."""
    return [replace(ENTRY, at=BEGAN + timedelta(days=place), bytes=place) for place in range(number)]


def within(url: str, work: Callable[[Database], Awaitable[T]]) -> T:
    async def main() -> T:
        database = Database(url)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(main())


def append(url: str, number: int, chain: Chain = CHAIN) -> None:
    within(url, lambda database: AuditTable(database, chain).append(entries(number)))


def verdict(url: str, known: tuple[int, str] | None = None) -> Verdict:
    return within(url, lambda database: verify(database, CHAIN, known=known))


@pytest.fixture
def trail(database: str) -> str:
    """A database with a trail of ten rows, in two batches."""
    append(database, 6)
    append(database, 4)
    return database


def test_an_empty_trail_is_whole(database: str) -> None:
    assert verdict(database) == Verdict(rows=0, head=audit.Head())


def test_a_trail_is_whole(trail: str) -> None:
    found = verdict(trail)
    assert (found.rows, found.head.number, found.problem) == (10, 10, None)


@pytest.mark.parametrize(
    ("act", "row"),
    [
        ("UPDATE audit SET status = 500 WHERE number = 4", "row 4 "),
        ("UPDATE audit SET at = at + interval '1 microsecond' WHERE number = 1", "row 1 "),
        ('UPDATE audit SET headers = headers || \'{"retry-after": "4"}\' WHERE number = 10', "row 10 "),
        ("UPDATE audit SET purpose = '' WHERE number = 10", "row 10 "),
        ("DELETE FROM audit WHERE number = 1", "row 1 is missing"),
        ("DELETE FROM audit WHERE number = 4", "row 4 is missing"),
        ("DELETE FROM audit WHERE number >= 9", "row 9 is missing, and all after it up to 10"),
        ("DELETE FROM audit", "row 1 is missing, and all after it up to 10"),
        ("DELETE FROM audit WHERE number = 4; UPDATE audit SET number = number - 1 WHERE number > 4", "row 4 "),
        (
            "INSERT INTO audit SELECT (jsonb_populate_record(a, '{\"number\": 11}')).* FROM audit a WHERE number = 10",
            "row 11 ",
        ),
        ("DELETE FROM audit_head", "head was removed"),
        (
            """DELETE FROM audit WHERE number > 7;
            UPDATE audit_head SET (number, hash) = (SELECT number, hash FROM audit WHERE number = 7)""",
            "the head was changed",
        ),
        (
            """DELETE FROM audit WHERE number < 4;
            UPDATE audit_head SET dropped_number = 3, dropped_hash = (SELECT hash FROM audit WHERE number = 4)""",
            "row 4 ",
        ),
    ],
)
def test_an_act_of_somebody_else_is_found_and_named(trail: str, act: str, row: str) -> None:
    with psycopg.connect(trail) as connection:
        connection.execute(act)
    assert row in str(verdict(trail).problem)


@pytest.mark.parametrize(
    "cut",
    [
        "UPDATE audit_head SET (number, hash) = (SELECT number, hash FROM audit WHERE number = 7)",
        "DELETE FROM audit_head",
    ],
)
def test_what_is_written_after_rows_were_cut_off_does_not_hide_it(trail: str, cut: str) -> None:
    with psycopg.connect(trail) as connection:
        connection.execute("DELETE FROM audit WHERE number > 7")
        connection.execute(cut)
    append(trail, 5)
    assert "head was changed" in str(verdict(trail).problem)


def test_without_the_key_nobody_makes_rows_that_fit(trail: str) -> None:
    append(trail, 1, Chain(b"another key".ljust(32)))
    assert "row 11 was changed or inserted" in str(verdict(trail).problem)


def test_a_row_that_was_noted_elsewhere_has_to_be_there(trail: str) -> None:
    head = verdict(trail).head
    append(trail, 1)
    assert verdict(trail, (10, head.hash.hex())).problem is None
    assert "is not the one" in str(verdict(trail, (10, "00" * 32)).problem)
    with psycopg.connect(trail) as connection:
        connection.execute("TRUNCATE audit, audit_head")
    append(trail, 3)
    assert verdict(trail).problem is None
    assert "row 10" in str(verdict(trail, (10, head.hash.hex())).problem)


def test_old_rows_are_dropped_and_the_rest_is_whole(trail: str) -> None:
    def drop(days: int) -> int:
        moment = BEGAN + timedelta(days=days)
        return within(trail, lambda database: drop_before(database, CHAIN, moment))

    assert drop(0) == 0
    assert drop(3) == 3
    found = verdict(trail)
    assert (found.rows, found.dropped, found.problem) == (7, 3, None)
    assert drop(100) == 7
    append(trail, 2)
    found = verdict(trail)
    assert (found.rows, found.dropped, found.problem) == (2, 10, None)


def test_many_write_at_once(database: str) -> None:
    async def work(opened: Database) -> None:
        tables = [AuditTable(opened, CHAIN) for _ in range(8)]
        for _ in range(3):
            await asyncio.gather(*(table.append(entries(20)) for table in tables))

    within(database, work)
    found = verdict(database)
    assert (found.rows, found.problem) == (480, None)


def test_a_batch_whose_commit_was_in_doubt_is_written_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(opened: Database) -> None:
        table, connection = AuditTable(opened, CHAIN), opened.connection

        class Cut:
            """A connection whose COMMIT goes through, and whose answer does not."""

            def __init__(self) -> None:
                self.inner = connection()

            async def __aenter__(self) -> object:
                return await self.inner.__aenter__()

            async def __aexit__(self, *error: object) -> None:
                await self.inner.__aexit__(*error)  # type: ignore[arg-type]
                raise StoreError("cut")

        monkeypatch.setattr(opened, "connection", Cut)
        with pytest.raises(StoreError):
            await table.append(entries(3))
        monkeypatch.undo()
        await table.append(entries(3))
        await table.append(entries(2))

    within(database, work)
    assert verdict(database).rows == 5
