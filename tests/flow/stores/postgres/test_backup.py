import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from leadspiders.errors import StoreError
from leadspiders.stores.postgres import backup as backups
from leadspiders.stores.postgres.ledger import remember_removal
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.restore import restore, since, verify

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def stored(using, announce, write, person, database):
    """Three people and a raw record."""

    async def work(opened):
        await announce(opened, 3, raw=b"<page>")
        await write(opened, [person(n) for n in range(3)])

    using(work)
    return database


@pytest.fixture
def made(stored, tmp_path):
    return backups.make(stored, tmp_path / "backups", now=NOW)


def erase(url, number):
    async def work():
        opened = Database(url)
        async with opened.connection() as connection:
            rows = await (await connection.execute("SELECT id FROM contacts ORDER BY id LIMIT %s", [number])).fetchall()
            ids = [row[0] for row in rows]
            await remember_removal(connection, "contacts", ids, cause="erased")
            await connection.execute("DELETE FROM contacts WHERE id = ANY(%s)", [ids])
        await opened.close()

    asyncio.run(work())


def test_a_backup_is_private_and_says_what_is_in_it(made):
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert made.manifest.tables["contacts"] == 3
    assert made.manifest.tables["raw_records"] == 1
    assert [one.file for one in backups.backups(made.file.parent)] == [made.file]
    assert sorted(file.suffix for file in made.file.parent.iterdir()) == [".dump", ".json"]


def test_every_row_comes_back_and_the_erased_do_not(made, stored):
    erase(stored, 2)
    with psycopg.connect(stored) as connection:
        connection.execute("INSERT INTO suppressions (hash, kind, reason) VALUES ('x', 'email', 'asked')")
    found = verify(made, stored)
    assert found.whole
    assert (found.erased, found.opt_outs) == (2, 1)
    with psycopg.connect(stored) as connection:
        left = connection.execute(
            "SELECT count(*) FROM pg_database WHERE datname LIKE 'leadspiders_verify%'"
        ).fetchone()
    assert left == (0,)


def test_a_restored_database_holds_neither_them_nor_less_of_the_log(made, stored):
    erase(stored, 1)
    url = psycopg.conninfo.make_conninfo(stored, dbname="restored_one")
    try:
        restore(made, url, since(stored, made))
        with psycopg.connect(url) as connection:
            found = connection.execute(
                "SELECT (SELECT count(*) FROM contacts), (SELECT count(*) FROM removed_rows WHERE cause = 'erased')"
            ).fetchone()
        assert found == (2, 1)
        with pytest.raises(StoreError, match="name an empty one"):
            restore(made, url, since(stored, made))
    finally:
        with psycopg.connect(stored, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS restored_one WITH (FORCE)")


def test_a_row_that_does_not_come_back_shows(made, stored):
    tables = made.manifest.tables | {"contacts": 4}
    lying = backups.Backup(file=made.file, manifest=msgspec.structs.replace(made.manifest, tables=tables))
    assert verify(lying, stored).differences == {"contacts": (4, 3)}


def test_a_file_that_was_changed_is_refused(made, stored):
    with made.file.open("ab") as file:
        file.write(b"!")
    with pytest.raises(StoreError, match="not as it was written"):
        verify(made, stored)


def test_old_ones_go_and_the_newest_never(made, stored):
    folder, later = made.file.parent, NOW + timedelta(days=30)
    assert backups.drop_old(folder, days=7, now=later) == []
    newer = backups.make(stored, folder, now=NOW + timedelta(days=1))
    assert backups.drop_old(folder, days=7, now=later) == [made.file]
    assert [one.file for one in backups.backups(folder)] == [newer.file]


def test_a_backup_that_fails_leaves_nothing_behind(stored, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "call", lambda *_: (1, "pg_dump: error: no room\n"))
    with pytest.raises(StoreError, match="no room"):
        backups.make(stored, tmp_path / "backups", now=NOW)
    assert list((tmp_path / "backups").iterdir()) == []
