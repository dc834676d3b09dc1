"""Brings the tables of a database up to date, and says what is missing. Used before a crawl and by `scrapy migrate`.

Alembic reads its steps from files, and a project that scrapyd deployed is a zip: the steps are copied out of it first.
One transaction and one advisory lock make it harmless to start it on ten machines at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from leadspiders.errors import StoreError
from leadspiders.stores.postgres.connected import CONNECT_SECONDS
from leadspiders.stores.postgres.failures import store_error

PACKAGE = "leadspiders.stores.postgres.migrations"
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('leadspiders migrations', 0))"


def missing(url: str) -> list[str]:
    """Revisions that the database lacks, the oldest first. Raises `StoreError` when it is out of reach, refuses us or
    is newer.
    """
    with _config() as config, _connection(url) as connection:
        return _missing(config, connection)


def upgrade(url: str, *, to: str = "head") -> list[str]:
    """Run what is missing, up to the newest revision or another; returns what was missing. Raises `StoreError` as
    `missing` does.
    """
    with _config() as config, _connection(url) as connection:
        connection.execute(text(LOCK))
        behind = _missing(config, connection)
        if to not in {"head", *behind}:
            raise StoreError(f"this program does not know revision {to}: update the program")
        if behind:
            config.attributes["connection"] = connection
            command.upgrade(config, to)
        return behind


def _missing(config: Config, connection: Connection) -> list[str]:
    script = ScriptDirectory.from_config(config)
    steps = [step.revision for step in script.walk_revisions()][::-1]
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        return steps
    if current not in steps:
        raise StoreError(f"the database is at revision {current}, which this program does not know: update the program")
    return steps[steps.index(current) + 1 :]


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    try:
        with engine(url).connect() as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise store_error(error.orig or error, url) from None


def engine(url: str) -> Engine:
    """SQLAlchemy's way to a libpq URL. The URL never passes through SQLAlchemy, which reads sockets differently."""

    def connect() -> psycopg.Connection:
        return psycopg.connect(url, connect_timeout=CONNECT_SECONDS, application_name="leadspiders migrate")

    return create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)


@contextmanager
def _config() -> Iterator[Config]:
    with TemporaryDirectory(prefix="leadspiders-migrations-") as folder:
        (Path(folder) / "versions").mkdir()
        for package in ("", "versions"):
            for step in files(PACKAGE).joinpath(package).iterdir():
                if step.name.endswith(".py"):
                    (Path(folder) / package / step.name).write_bytes(step.read_bytes())
        config = Config()
        config.set_main_option("script_location", folder.replace("%", "%%"))
        yield config
