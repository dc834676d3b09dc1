import asyncio
import os
import zipfile
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from leadspiders.errors import ServiceError, StoreError
from leadspiders.stores.postgres import backup as backups
from leadspiders.stores.postgres import restore as restoring
from leadspiders.stores.postgres import suppressions
from leadspiders.stores.postgres.ledger import remember_removal
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.restore import SCRATCH
from leadspiders.stores.postgres.schema.whole import metadata

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
def made(request, stored, tmp_path, monkeypatch):
    """A backup; `own copies` as where there are no client programs of the server's version."""
    if getattr(request, "param", "pg_dump") == "own copies":
        without_clients(monkeypatch)
    return backups.make(stored, tmp_path / "backups", now=NOW)


both = pytest.mark.parametrize("made", ["pg_dump", "own copies"], indirect=True)
own_copies = pytest.mark.parametrize("made", ["own copies"], indirect=True)


def without_clients(monkeypatch):
    def missing(name, major):
        raise ServiceError(f"there is no {name} of PostgreSQL {major}")

    monkeypatch.setattr(backups, "postgres_client", missing)
    monkeypatch.setattr(restoring, "postgres_client", missing)


def verify(made, url):
    return asyncio.run(restoring.verify(made, url))


def restore(made, url, *, living=None):
    return asyncio.run(restoring.restore(made, url, living=living))


@pytest.fixture
def copy_of(stored):
    """A database to restore into, and what is in it."""
    url = psycopg.conninfo.make_conninfo(stored, dbname="restored_three")
    yield url
    with psycopg.connect(stored, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS restored_three WITH (FORCE)")


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


def tables(url):
    """What makes a database ours: columns, constraints and indexes, and the last number given out by each counter."""
    asked = {
        "information_schema.columns": "table_schema, table_name, column_name, data_type, is_identity",
        "pg_constraint WHERE contype <> 'n'": "connamespace::regnamespace::text, conrelid::regclass::text, conname",
        "pg_indexes": "schemaname, indexname, indexdef",
        "pg_sequences": "schemaname, sequencename, last_value",
        "pg_trigger WHERE NOT tgisinternal": "'public', tgrelid::regclass::text, tgname::text || tgenabled::text",
    }
    with psycopg.connect(url) as connection:
        rows = [connection.execute(f"SELECT {columns} FROM {table}").fetchall() for table, columns in asked.items()]
    return [sorted(row for row in found if row[0] in {"public", "raw_months"}) for found in rows]


def contents(url):
    with psycopg.connect(url) as connection:
        return {
            name: connection.execute(f"SELECT to_jsonb(t) FROM {name} t ORDER BY to_jsonb(t)::text").fetchall()
            for name in metadata.tables
        }


def test_a_backup_is_private_and_says_what_is_in_it(made):
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert made.manifest.tables["contacts"] == 3
    assert made.manifest.tables["raw_records"] == 1
    assert [one.file for one in backups.backups(made.file.parent)] == [made.file]
    assert sorted(file.suffix for file in made.file.parent.iterdir()) == [".dump", ".json"]


@both
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
        restore(made, url, living=stored)
        with psycopg.connect(url) as connection:
            found = connection.execute(
                "SELECT (SELECT count(*) FROM contacts), (SELECT count(*) FROM removed_rows WHERE cause = 'erased')"
            ).fetchone()
        assert found == (2, 1)
        with pytest.raises(StoreError, match="name an empty one"):
            restore(made, url, living=stored)
    finally:
        with psycopg.connect(stored, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS restored_one WITH (FORCE)")


@both
def test_every_value_and_every_table_comes_back(made, stored):
    url = psycopg.conninfo.make_conninfo(stored, dbname="restored_two")
    try:
        assert restore(made, url).whole
        assert contents(url) == contents(stored)
        assert tables(url) == tables(stored)
    finally:
        with psycopg.connect(stored, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS restored_two WITH (FORCE)")


def people(connection):
    return [id_ for (id_,) in connection.execute("SELECT id FROM contacts ORDER BY full_name")]


def fold(connection, kept, gone):
    """One turns out to be the other."""
    connection.execute(
        "INSERT INTO removed_rows (id, relation, cause, kept) VALUES (%s, 'contacts', 'folded', %s)", [gone, kept]
    )
    connection.execute("DELETE FROM contacts WHERE id = %s", [gone])


@own_copies
def test_who_opted_out_or_was_erased_since_stays_out_of_the_copy(made, stored, copy_of, using, keyed_hash):
    """By whatever clock: the log says it, and not when it was written."""
    with psycopg.connect(stored) as connection:
        first, second, third = people(connection)
        fold(connection, second, first)
        connection.execute("INSERT INTO removed_rows (id, relation, cause) VALUES (%s, 'contacts', 'erased')", [second])
        connection.execute("DELETE FROM contacts WHERE id = %s", [second])
    asked = [("email", keyed_hash("email", "ann2@firm0.example.com"))]
    using(lambda opened: suppressions.add(opened, asked, reason="asked"))
    with psycopg.connect(stored) as connection:
        connection.execute("UPDATE removed_rows SET removed_at = now() - interval '9 days'")
        connection.execute("UPDATE suppressions SET added_at = now() - interval '9 days'")
    found = restore(made, copy_of, living=stored)
    assert (found.whole, found.erased) == (True, 2)
    listed, log = "SELECT * FROM suppressions ORDER BY hash", "SELECT id, cause, kept FROM removed_rows ORDER BY id"
    with psycopg.connect(copy_of) as copy, psycopg.connect(stored) as living:
        assert people(copy) == [third]
        assert copy.execute("SELECT lead_state, is_qualified FROM prospects").fetchall() == [("suppressed", False)]
        assert copy.execute("SELECT DISTINCT state FROM outbox").fetchall() == [("suppressed",)]
        for query in (listed, log):
            assert copy.execute(query).fetchall() == living.execute(query).fetchall()


BUY = """
INSERT INTO spend (id, reservation, campaign, run_id, provider, offer, fact, state, credits, usd, usd_per_credit, price)
VALUES (gen_random_uuid(), gen_random_uuid(), 'spring', 'run', 'apollo', 'match', %(fact)s, 'settled', 1, 1, 1, 'x')
"""
REPLY = "INSERT INTO paid_replies (provider, fact, reply) VALUES ('apollo', %(fact)s, 'x')"
TOTAL = "INSERT INTO spend_totals VALUES ('spring', 'campaign', '', 1, 0.1)"


def test_what_was_sent_and_bought_since_is_neither_sent_nor_bought_again(stored, copy_of, tmp_path):
    with psycopg.connect(stored) as connection:
        for statement in (BUY, REPLY):
            connection.execute(statement, {"fact": "old"})
        connection.execute(TOTAL)
    made = backups.make(stored, tmp_path / "backups", now=NOW)
    with psycopg.connect(stored) as connection:
        first, second, _ = people(connection)
        connection.execute("UPDATE outbox SET state = 'sent', external_id = 'CRM-' || lead_id, sent_at = now()")
        connection.execute("INSERT INTO installation VALUES ('encryption_key:99', 'now')")
        connection.execute("UPDATE spend SET state = 'unknown'")
        for statement in (BUY, REPLY):
            connection.execute(statement, {"fact": "new"})
        connection.execute("UPDATE spend_totals SET credits = 2, usd = 0.2")
        connection.execute("DELETE FROM paid_replies WHERE fact = 'old'")
        fold(connection, first, second)
    assert restore(made, copy_of, living=stored).whole
    same = ("spend ORDER BY id", "spend_totals", "paid_replies", "installation ORDER BY key")
    with psycopg.connect(copy_of) as copy, psycopg.connect(stored) as living:
        for table in same:
            query = f"SELECT * FROM {table}"
            assert copy.execute(query).fetchall() == living.execute(query).fetchall()
        assert copy.execute("TABLE tallied EXCEPT TABLE counted").fetchall() == []
        sent = dict(copy.execute("SELECT lead_id, external_id FROM outbox WHERE state = 'sent'").fetchall())
    assert len(sent) == 3
    assert sent[first] == sent[second] == f"CRM-{first}"


def test_a_copy_that_a_killed_rehearsal_left_behind_goes_with_the_next(stored):
    with psycopg.connect(stored, autocommit=True) as connection:
        for name in ("left", "in_use"):
            connection.execute(f"CREATE DATABASE {SCRATCH}{name} TEMPLATE template0")
        with psycopg.connect(psycopg.conninfo.make_conninfo(stored, dbname=f"{SCRATCH}in_use")):
            restoring.drop_left_behind(stored)
        there = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        assert connection.execute(there, [SCRATCH]).fetchall() == [(f"{SCRATCH}in_use",)]
        connection.execute(f"DROP DATABASE {SCRATCH}in_use")


def test_what_libpq_is_told_by_its_own_names_reaches_the_clients(stored, tmp_path, monkeypatch):
    """The embedded server asks for a password."""
    parts = psycopg.conninfo.conninfo_to_dict(stored)
    monkeypatch.setenv("PGPASSWORD", parts.pop("password"))
    monkeypatch.setenv("PGUSER", parts.pop("user"))
    monkeypatch.setenv("PGAPPNAME", "nobody else")
    url = psycopg.conninfo.make_conninfo("", **parts)
    assert backups.make(url, tmp_path / "backups", now=NOW).of_pg_dump


@own_copies
def test_a_row_that_is_gone_from_the_copy_shows_and_so_does_a_cut_even_where_the_checksum_fits(made, stored):
    whole, shorter = made.file.read_bytes(), made.file.with_suffix(".shorter")
    with zipfile.ZipFile(made.file) as one, zipfile.ZipFile(shorter, "w") as other:
        for name in one.namelist():
            content = one.read(name)
            other.writestr(name, content[: content.index(b"\n") + 1] if name == "raw_records.copy" else content)
    shorter.replace(made.file)
    assert verify(fitting(made), stored).differences == {"raw_records": (1, 0)}
    made.file.write_bytes(whole[:-100])
    with pytest.raises(StoreError, match="cannot be read back"):
        verify(fitting(made), stored)
    with pytest.raises(StoreError, match="not as it was written"):
        verify(made, stored)


def fitting(made):
    """The same with a checksum that fits the file."""
    manifest = msgspec.structs.replace(made.manifest, sha256=backups.digest(made.file))
    return backups.Backup(file=made.file, manifest=manifest)


def test_a_file_of_pg_dump_without_pg_restore_is_one_line(made, stored, monkeypatch):
    without_clients(monkeypatch)
    with pytest.raises(ServiceError, match="there is no pg_restore of PostgreSQL"):
        verify(made, stored)


def test_a_role_that_may_not_read_gets_one_line(stored, tmp_path):
    with psycopg.connect(stored, autocommit=True) as connection:
        connection.execute("CREATE ROLE blind LOGIN PASSWORD 'blind'")
    url = psycopg.conninfo.make_conninfo(stored, user="blind", password="blind")
    try:
        with pytest.raises(StoreError, match=r"cannot be copied \(permission denied"):
            backups.make(url, tmp_path / "backups", now=NOW)
    finally:
        with psycopg.connect(stored, autocommit=True) as connection:
            connection.execute("DROP ROLE blind")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_row_that_does_not_come_back_shows(made, stored):
    tables = made.manifest.tables | {"contacts": 4}
    lying = backups.Backup(file=made.file, manifest=msgspec.structs.replace(made.manifest, tables=tables))
    assert verify(lying, stored).differences == {"contacts": (4, 3)}


def test_a_file_that_was_changed_is_refused(made, stored):
    with made.file.open("ab") as file:
        file.write(b"!")
    with pytest.raises(StoreError, match="not as it was written"):
        verify(made, stored)


@own_copies
def test_old_ones_go_and_the_newest_never(made, stored):
    folder, later = made.file.parent, NOW + timedelta(days=30)
    assert backups.drop_old(folder, days=7, now=later) == []
    newer = backups.make(stored, folder, now=NOW + timedelta(days=1))
    assert backups.drop_old(folder, days=7, now=later) == [made.file]
    assert [one.file for one in backups.backups(folder)] == [newer.file]


def test_what_a_killed_backup_left_half_written_goes_and_one_under_way_stays(tmp_path):
    left, under_way = tmp_path / "leadspiders-1.half", tmp_path / "leadspiders-2.half"
    for file, age in ((left, 5), (under_way, 3)):
        file.touch()
        os.utime(file, ((NOW - timedelta(hours=age)).timestamp(),) * 2)
    backups.drop_old(tmp_path, days=7, now=NOW)
    assert list(tmp_path.iterdir()) == [under_way]


def test_a_backup_that_fails_leaves_nothing_behind(stored, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "call", lambda *_: (1, "pg_dump: error: no room\n"))
    with pytest.raises(StoreError, match="no room"):
        backups.make(stored, tmp_path / "backups", now=NOW)
    assert list((tmp_path / "backups").iterdir()) == []
