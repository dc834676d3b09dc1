"""From every earlier revision, with rows in its tables, to the newest and back."""

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.conninfo import make_conninfo

from leadspiders.stores.postgres import migrate
from leadspiders.stores.postgres.schema.whole import metadata

with migrate._config() as _found:
    REVISIONS = [step.revision for step in ScriptDirectory.from_config(_found).walk_revisions()][::-1]

# What a required column of a type is filled with; a few columns take only some values.
_VALUES = {
    "bigint": "1",
    "boolean": "true",
    "bytea": "'\\x01'",
    "date": "current_date",
    "double precision": "1",
    "integer": "1",
    "jsonb": "'{}'",
    "numeric": "1",
    "smallint": "1",
    "text": "'x'",
    "timestamp with time zone": "now()",
    "uuid": "gen_random_uuid()",
}
_ONLY = {
    ("spend", "state"): "'settled'",
    ("spend_totals", "scope"): "'campaign'",
    ("pairs", "relation"): "'contacts'",
    ("pairs", "one"): "'00000000-0000-0000-0000-000000000001'",
    ("pairs", "other"): "'00000000-0000-0000-0000-000000000002'",
    ("prospects", "lead_state"): "'ready'",
    ("yields", "found"): "0",
}
_REQUIRED = """
SELECT column_name, data_type FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
   AND is_identity = 'NO' AND is_generated = 'NEVER'
"""
# Running counts are filled by triggers.
_TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
   AND relname NOT IN ('alembic_version', 'tallies', 'tally_changes', 'campaign_companies') ORDER BY relname
"""
_DRIFT = """
SELECT count(*) FILTER (WHERE t.number = c.number), count(*)
  FROM tallied t FULL JOIN counted c USING (campaign, lead, figure, value)
"""
_BY_HAND = {  # they refer to others
    "prospects": "INSERT INTO prospects (lead_id, campaign, company_id, lead_state)"
    " SELECT id, 'x', id, 'ready' FROM companies",
    "outbox": "INSERT INTO outbox (campaign, destination, lead_id) SELECT campaign, 'x', lead_id FROM prospects",
    "lead_outcomes": "INSERT INTO lead_outcomes (campaign, lead_id, outcome, was_qualified, source)"
    " SELECT campaign, lead_id, 'won', true, 'x' FROM prospects",
}


@pytest.fixture
def empty_url(database_url):
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS upgraded")
        connection.execute("CREATE DATABASE upgraded")
        yield make_conninfo(database_url, dbname="upgraded")
        connection.execute("DROP DATABASE upgraded WITH (FORCE)")


def go(url, revision, *, down=False):
    with migrate._config() as config, migrate._connection(url) as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)


def fill(url):
    """A row in every table there is."""
    with psycopg.connect(url) as connection:
        tables = [name for (name,) in connection.execute(_TABLES)]
        for table in [name for name in tables if name not in _BY_HAND]:
            columns = connection.execute(_REQUIRED, [table]).fetchall()
            values = [_ONLY.get((table, name), _VALUES[kind]) for name, kind in columns]
            names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns)
            connection.execute(
                sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                    sql.Identifier(table), names, sql.SQL(", ").join(map(sql.SQL, values))
                )
            )
        for table, statement in _BY_HAND.items():
            if table in tables:
                connection.execute(statement)
        return tables


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_earlier_revision_becomes_the_newest_and_keeps_its_rows(empty_url, revision):
    go(empty_url, revision)
    tables = fill(empty_url)
    assert tables
    assert migrate.upgrade(empty_url) == REVISIONS[REVISIONS.index(revision) + 1 :]
    with migrate.engine(empty_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    with psycopg.connect(empty_url) as connection:
        for table in tables:
            row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
            assert row == (1,), table
        right, all_ = connection.execute(_DRIFT).fetchone()
        assert right == all_


def test_the_way_back_leaves_nothing(empty_url):
    go(empty_url, "head")
    fill(empty_url)
    for revision in [*REVISIONS[-2::-1], "base"]:
        go(empty_url, revision, down=True)
    with psycopg.connect(empty_url) as connection:
        assert connection.execute(_TABLES).fetchall() == []
        left = "SELECT count(*) FROM pg_namespace WHERE nspname = 'raw_months'"
        assert connection.execute(left).fetchone() == (0,)
