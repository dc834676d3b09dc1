"""A new encryption key replaces the old one: beside writers, after a kill, and where another machine lacks it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from leadspiders.errors import SetupError
from leadspiders.guard import rotation
from leadspiders.guard.encryption_keys import make_key, stored_keys
from leadspiders.guard.hash_key import hash_key
from leadspiders.guard.rotation import Rotation, rotate
from leadspiders.guard.vault import Vault
from leadspiders.items.contact import Contact
from leadspiders.sandbox.addresses import environment
from leadspiders.stores.embedded import services
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.raw_records import keep, making, raw_record
from leadspiders.stores.postgres.resealing import AT_ONCE, values_by_key
from leadspiders.stores.postgres.schema.leads import contacts
from leadspiders.stores.postgres.sealed import SealedColumns
from leadspiders.stores.postgres.writer import Writer
from tests.conftest import ROOT, Scrapy

PEOPLE = 450


def person(number: int) -> Contact:
    return Contact(
        full_name=f"Ann Lee{number}",
        email=f"ann{number}@firm.example.com",
        phone=f"+1303555{number:04}",
        provider_key=f"apollo:{number}",
        extras={"note": number},
        lead_state="identified",
    )


async def write(database: Database, numbers: range) -> None:
    writer = Writer(
        database,
        campaign="spring",
        run_id="run",
        keyed_hash=lambda kind, value: f"{kind}:{value}".encode(),
        deliver=lambda _: [],
    )
    await writer.write([person(number) for number in numbers])


def using(url: str, vault: Vault, work: Callable[[Database], Any]) -> Any:
    async def main() -> Any:
        opened = Database(url, vault=vault)
        try:
            return await work(opened)
        finally:
            await opened.close()

    return asyncio.run(main())


def rotated(url: str, vault: Vault) -> Rotation:
    done = using(url, vault, lambda opened: rotate(opened, url, vault))
    assert isinstance(done, Rotation)
    return done


def addresses(url: str, vault: Vault) -> set[str]:
    """All that opens under these keys."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        rows: list[dict[str, Any]] = connection.execute("SELECT id, email, phone, extras FROM contacts").fetchall()
    for row in rows:
        SealedColumns(contacts).open(vault, row)
    return {row["email"] for row in rows if row["phone"] and row["extras"]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "encryption.keys"


@pytest.fixture
def written(database: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with people under the first key of a file."""
    monkeypatch.setattr(rotation, "PAUSE_SECONDS", 0.05)
    vault = Vault.of([], file)
    with psycopg.connect(database) as connection:
        hash_key(connection, vault)
    using(database, vault, lambda opened: write(opened, range(PEOPLE)))
    return database


def test_all_values_and_the_key_of_the_hashes_come_under_the_new_key(written: str, file: Path) -> None:
    (old,) = Vault.of([], file).ids
    with psycopg.connect(written) as connection:
        before = hash_key(connection, Vault.of([], file))
        stamps = connection.execute("SELECT id, updated_at FROM contacts ORDER BY id").fetchall()
    Vault.of([], file).add_key()
    done = rotated(written, Vault.of([], file))
    assert (done.resealed, done.left, done.complete) == (PEOPLE * 3, {old.hex(): 0}, True)
    only_new = Vault.of(stored_keys(file)[:1])
    assert addresses(written, only_new) == {f"ann{number}@firm.example.com" for number in range(PEOPLE)}
    with psycopg.connect(written) as connection:
        assert hash_key(connection, only_new) == before
        assert connection.execute("SELECT id, updated_at FROM contacts ORDER BY id").fetchall() == stamps


def test_what_was_stopped_in_the_middle_goes_on_from_there(written: str, file: Path) -> None:
    class Dying(Vault):
        sealed = 0

        def seal(self, plain: bytes, purpose: str) -> bytes:
            self.sealed += 1
            if self.sealed > PEOPLE * 2:
                raise KeyboardInterrupt
            return super().seal(plain, purpose)

    Vault.of([], file).add_key()
    with pytest.raises(KeyboardInterrupt):
        rotated(written, Dying.of([], file))
    both = Vault.of([], file)
    half = using(written, both, lambda opened: values_by_key(opened, len(both.newest)))
    assert 0 < half[both.newest] < PEOPLE * 3
    done = rotated(written, both)
    assert (done.resealed, done.complete) == (PEOPLE * 3 - half[both.newest], True)
    assert len(addresses(written, Vault.of(stored_keys(file)[:1]))) == PEOPLE


def test_raw_records_of_all_months_come_under_the_new_key_and_open_there(written: str, file: Path) -> None:
    """Stopped in the middle of the second month, and gone on with."""
    months = [date(2026, 1, 1), date(2026, 2, 1)]
    old, each = Vault.of([], file), AT_ONCE + 20

    async def kept(opened: Database) -> None:
        async with opened.connection() as connection:
            for month in months:
                for statement in making(month):
                    await connection.execute(statement)
                for number in range(each):
                    body = f"{month} {number}".encode()
                    hashed = await keep(connection, month, campaign="spring", source="apollo", body=body)
                    await connection.execute(
                        "INSERT INTO receipts (run_id, receipt, campaign, source, seen, raw_month, raw_hash)"
                        " VALUES (%s, %s, 'spring', 'apollo', 1, %s, %s)",
                        [str(month), str(number), month, hashed],
                    )

    class Dying(Vault):
        sealed = 0

        def seal(self, plain: bytes, purpose: str) -> bytes:
            self.sealed += "raw_records" in purpose
            if self.sealed > each + AT_ONCE:
                raise KeyboardInterrupt
            return super().seal(plain, purpose)

    using(written, old, kept)
    Vault.of([], file).add_key()
    with pytest.raises(KeyboardInterrupt):
        rotated(written, Dying.of([], file))
    both = Vault.of([], file)
    half = using(written, both, lambda opened: values_by_key(opened, len(both.newest)))
    assert half[both.newest] > each
    done = rotated(written, both)
    assert (done.complete, done.resealed) == (True, 2 * each + PEOPLE * 3 - half[both.newest])

    async def read(opened: Database) -> set[bytes | None]:
        return {await raw_record(opened, run_id=str(month), receipt="7") for month in months}

    only_new = Vault.of(stored_keys(file)[:1])
    assert using(written, only_new, read) == {f"{month} 7".encode() for month in months}


def test_who_writes_meanwhile_with_the_old_key_in_mind_is_met(written: str, file: Path) -> None:
    running = Vault.of([], file)
    Vault.of([], file).add_key()
    both = Vault.of([], file)

    async def work(opened: Database) -> Rotation:
        crawl = Database(written, vault=running)

        async def crawls() -> None:
            for first in range(PEOPLE - 100, PEOPLE + 300, 40):  # some known, some new
                await write(crawl, range(first, first + 40))

        try:
            done, _ = await asyncio.gather(rotate(opened, written, both), crawls())
        finally:
            await crawl.close()
        return done

    assert using(written, both, work).complete
    assert len(addresses(written, Vault.of(stored_keys(file)[:1]))) == PEOPLE + 300


def test_a_transaction_that_has_not_ended_keeps_the_old_key(
    written: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "LOOKS", 2)
    Vault.of([], file).add_key()
    with psycopg.connect(written) as connection:
        connection.execute("INSERT INTO runs (run_id, campaign) VALUES ('r', 'spring')")
        assert not rotated(written, Vault.of([], file)).complete
    with psycopg.connect(written) as connection, pytest.raises(SetupError):
        hash_key(connection, Vault.of(stored_keys(file)[:1]))
    assert rotated(written, Vault.of([], file)).complete


def test_all_tables_are_gone_through_once_more_where_nobody_holds_a_row(
    written: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []

    async def counting(opened: Database, length: int) -> Any:
        counted.append(length)
        return await values_by_key(opened, length)

    monkeypatch.setattr(rotation, "values_by_key", counting)
    monkeypatch.setattr(rotation, "LOOKS", 2)
    Vault.of([], file).add_key()
    with psycopg.connect(written) as connection:
        connection.execute("INSERT INTO runs (run_id, campaign) VALUES ('r', 'spring')")
        assert not rotated(written, Vault.of([], file)).settled
    assert rotated(written, Vault.of([], file)).complete
    assert len(counted) == 2


def test_a_damaged_value_is_told_and_stops_nobody(written: str, file: Path) -> None:
    with psycopg.connect(written) as connection:
        connection.execute("UPDATE contacts SET email = phone WHERE provider_id = 'apollo:7'")
    Vault.of([], file).add_key()
    done = rotated(written, Vault.of([], file))
    assert (done.unreadable, done.complete, sum(done.left.values())) == (1, False, 1)


def test_the_command_beside_a_crawl_and_a_machine_without_the_key(
    urls: services.Urls, database: str, sandbox_url: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    if not pytestconfig.getoption("--chaos", default=0):
        pytest.skip("long form only: --chaos N")
    stores = {"DATABASE_URL": database, "REDIS_URL": urls.redis_url, **environment(sandbox_url)}
    here = Scrapy({**stores, "LEADS_HOME": str(tmp_path / "here")})
    there = Scrapy({**stores, "LEADS_HOME": str(tmp_path / "there")})
    crawl = ("crawl", "apollo", "-a", "campaign=performance_marketers", "-s", "DOWNLOAD_DELAY=0", "-a")
    here(*crawl, "sample=10")
    with psycopg.connect(database) as connection:
        (old,) = connection.execute("SELECT substr(key, 16) FROM installation WHERE key LIKE 'encryption%'").fetchone()

    refused = there(*crawl, "sample=10", code=2)
    assert f"under the key {old}" in refused.stderr
    assert "copy LEADS_HOME/encryption.keys" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "there" / "encryption.keys").exists()

    words = [sys.executable, "-m", "scrapy", *crawl, "sample=40"]
    with subprocess.Popen(words, env=dict(here.environment), cwd=ROOT, stderr=subprocess.DEVNULL) as beside:
        done = json.loads(here("keys", "rotate", "--new", "--json").stdout)
        assert beside.wait() == 0
    assert (done["complete"], done["left"]) == (True, {old: 0})
    assert here.status("performance_marketers")["balanced"]
    only_new = Vault.of(stored_keys(tmp_path / "here" / "encryption.keys")[:1])
    with psycopg.connect(database, row_factory=dict_row) as connection:
        people = connection.execute("SELECT id, email FROM contacts WHERE email IS NOT NULL").fetchall()
    assert people
    for row in people:
        SealedColumns(contacts).open(only_new, row)


def test_crawls_that_began_with_the_old_key_in_the_environment_keep_it(written: str, file: Path) -> None:
    (old,) = stored_keys(file)
    with psycopg.connect(written) as connection:
        connection.execute(
            "INSERT INTO scraping_logs (id, source, started_at) VALUES (gen_random_uuid(), 'x', now() - interval '1 s')"
        )
    both = Vault.of([make_key(), old])
    done = rotated(written, both)
    assert (done.earlier, done.complete, sum(done.left.values())) == (1, False, 0)
    with psycopg.connect(written) as connection:
        connection.execute("UPDATE scraping_logs SET status = 'finished'")
    assert rotated(written, both).complete
