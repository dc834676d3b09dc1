import asyncio
import re
import subprocess
import sys
import zipfile
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg.conninfo import make_conninfo
from scrapy.settings import Settings

import leadspiders
from leadspiders.commands.migrate import Command
from leadspiders.errors import StoreError
from leadspiders.stores.postgres.migrate import engine, missing, upgrade
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.schema.revision import REVISION
from leadspiders.stores.postgres.schema.whole import metadata


@pytest.fixture
def empty_url(database_url):
    """A database beside the others, without a table."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS empty_one")
        connection.execute("CREATE DATABASE empty_one")
        yield make_conninfo(database_url, dbname="empty_one")
        connection.execute("DROP DATABASE empty_one WITH (FORCE)")


def test_the_migrations_make_what_the_schema_describes(database_url):
    with engine(database_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_schema_names_the_newest_revision(empty_url):
    steps = missing(empty_url)
    assert steps[-1] == REVISION
    assert upgrade(empty_url) == steps
    assert missing(empty_url) == []
    assert upgrade(empty_url) == []


def test_many_may_start_at_once(empty_url):
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(upgrade, [empty_url] * 4))
    assert sorted(map(bool, done)) == [False, False, False, True]


def test_a_database_of_a_newer_program_is_left_alone(empty_url):
    upgrade(empty_url)
    with psycopg.connect(empty_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="9999"):
        upgrade(empty_url)


def test_a_database_without_tables_says_what_to_do(empty_url):
    async def use():
        async with Database(empty_url).connection():
            pass

    with pytest.raises(StoreError, match="run `scrapy migrate`"):
        asyncio.run(use())


def test_a_database_that_does_not_answer_is_one_line():
    with pytest.raises(StoreError, match=re.escape("127.0.0.1:1/leads")):
        missing("postgresql://me:secret@127.0.0.1:1/leads")


def test_the_steps_run_out_of_a_zip(empty_url, tmp_path):
    package = Path(leadspiders.__file__).parent
    egg = tmp_path / "leadspiders.egg"
    with zipfile.ZipFile(egg, "w") as archive:
        for file in package.rglob("*.py"):
            archive.write(file, Path("leadspiders") / file.relative_to(package))
    code = f"from leadspiders.stores.postgres.migrate import upgrade; print(len(upgrade({empty_url!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(egg)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == len(missing(empty_url)) + int(REVISION)


def _command(capsys, url, *args):
    command = Command()
    command.settings = Settings({"DATABASE_URL": url})
    command.run(list(args), Namespace())
    return command.exitcode, capsys.readouterr()


def test_the_command_says_in_one_line_what_it_did(empty_url, capsys):
    code, said = _command(capsys, empty_url)
    assert (code, said.out.count("\n"), said.err) == (0, 1, "")
    assert f"now at {REVISION}" in said.out
    code, said = _command(capsys, empty_url)
    assert code == 0
    assert said.out.endswith("/empty_one: up to date\n")


@pytest.mark.parametrize(("url", "args"), [("postgresql://me@127.0.0.1:1/leads", ()), ("postgresql:///x", ("now",))])
def test_the_command_ends_with_one_line_when_it_cannot(capsys, url, args):
    code, said = _command(capsys, url, *args)
    assert (code, said.out, said.err.count("\n")) == (2, "", 1)
