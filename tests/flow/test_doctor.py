import json
from argparse import Namespace

import psycopg
import pytest
from scrapy.utils.project import get_project_settings

from leadspiders.commands import backup, doctor, retention
from leadspiders.guard.hash_key import hash_key
from leadspiders.guard.vault import Vault
from leadspiders.ops import doctor_database
from leadspiders.sandbox.addresses import environment
from leadspiders.stores.postgres.schema.tallies import TRIGGERS


@pytest.fixture
def command(database, urls, home, capsys):
    """Run a command in this process; returns its exit code and what it said as JSON."""

    def run(module, *words, **said):
        made = module.Command()
        made.settings = get_project_settings()
        given = {"LEADS_HOME": str(home), "LEADS_ENCRYPTION_KEYS_FILE": f"{home}/encryption.keys"}
        given |= {"LEADS_ENCRYPTION_KEYS": [], "DATABASE_URL": database, "REDIS_URL": urls.redis_url}
        options = {"json": True, "online": False, "output": None, "into": None, "lost": False, "dry_run": False}
        made.settings.setdict(given | {name: value for name, value in said.items() if name.isupper()})
        options |= {name: value for name, value in said.items() if name.islower()}
        made.run(list(words), Namespace(**options))
        out = capsys.readouterr()
        return made.exitcode, json.loads(out.out) if out.out else out.err

    return run


@pytest.fixture
def states(command):
    """What the doctor says, state by name."""

    def run(*words, code=0, **said):
        exitcode, told = command(doctor, *words, **said)
        assert exitcode == code
        assert told["go"] == (code == 0)
        assert all(check["advice"] for check in told["checks"] if check["state"] != "OK")
        return {check["name"]: check["state"] for check in told["checks"]}

    return run


def test_it_may_start_once_the_keys_are_there(states, sandbox_url):
    found = states("performance_marketers", code=1, LEADS_CREDENTIALS={})
    assert found["key of apollo"] == "FAIL"
    of_stores = ("database", "migrations", "indexes", "counts", "redis", "clocks", "encryption")
    assert {found[name] for name in of_stores} == {"OK"}
    given = environment(sandbox_url)
    there = {
        "LEADS_CREDENTIALS": {"apollo": [given["APOLLO_API_KEY"]]},
        "LEADS_URLS": {"apollo": given["LEADS_APOLLO_URL"]},
    }
    found = states("performance_marketers", online=True, **there)
    assert {found[name] for name in ("key of apollo", "answer of apollo", "cap of campaign")} == {"OK"}


def test_stores_that_do_not_answer_are_lines_of_the_list(states):
    found = states(code=1, DATABASE_URL="postgresql://me:secret@127.0.0.1:1/leads", REDIS_URL="redis://127.0.0.1:1")
    assert (found["database"], found["redis"]) == ("FAIL", "FAIL")
    assert "disk" in found


def test_the_wrong_encryption_key_is_a_line_of_the_list(states, database, tmp_path):
    with psycopg.connect(database) as connection:
        hash_key(connection, Vault.of([], tmp_path / "another.keys"))
    found = states(code=1)
    assert (found["encryption"], found["database"]) == ("FAIL", "OK")
    assert "retention" not in found
    assert "disk" in found


def test_a_campaign_that_is_not_valid_cannot_start(states):
    assert states("nobody", code=1)["campaign"] == "FAIL"


def test_what_should_be_gone_is_told(states, database):
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO contacts (id, created_at, updated_at)"
            " VALUES (gen_random_uuid(), now() - interval '99 days', now() - interval '99 days')"
        )
    assert states()["retention"] == "WARN"


def test_an_index_that_is_missing_or_broken_is_told(new_database):
    with psycopg.connect(new_database(), autocommit=True) as connection:
        assert doctor_database.indexes(connection).state == "OK"
        connection.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'contacts_company'::regclass")
        assert "contacts_company" in doctor_database.indexes(connection).said
        connection.execute("DROP INDEX contacts_company")
        assert doctor_database.indexes(connection).state == "WARN"
        connection.execute("DROP TABLE pairs")
        assert doctor_database.indexes(connection).state == "FAIL"


def test_triggers_that_are_missing_or_off_are_told(new_database):
    with psycopg.connect(new_database(), autocommit=True) as connection:
        names = connection.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        assert set(names) == {(table, name) for table, names in TRIGGERS.items() for name in names}
        assert doctor_database.counts(connection).state == "OK"
        connection.execute("ALTER TABLE contacts DISABLE TRIGGER tally_change")
        found = doctor_database.counts(connection)
        assert (found.state, found.said) == ("WARN", "triggers off: contacts.tally_change")
        assert "ALTER TABLE contacts ENABLE TRIGGER USER" in found.advice
        assert "--counts --repair" in found.advice
        connection.execute("DROP TRIGGER tally_out ON spend")
        assert doctor_database.counts(connection).said == "triggers missing: spend.tally_out"


def test_copies_are_made_and_rehearsed(command, states, tmp_path):
    folder = str(tmp_path / "copies")
    code, told = command(backup, "run", output=folder)
    assert (code, told["dropped"]) == (0, [])
    code, verified = command(backup, "verify", output=folder)
    assert (code, verified["file"], verified["whole"], verified["missing_keys"]) == (0, told["file"], True, [])
    code, said = command(backup, "verify", output=str(tmp_path / "none"))
    assert (code, said.count("\n")) == (2, 1)


def test_a_database_without_tables_is_one_line(command, urls, tmp_path):
    code, told = command(backup, "run", output=str(tmp_path))
    assert code == 0
    bare = psycopg.conninfo.make_conninfo(urls.database_url, dbname="postgres")
    into = psycopg.conninfo.make_conninfo(urls.database_url, dbname="never_made")
    for words in ([retention, "run"], [backup, "run"], [backup, "restore", told["file"]]):
        code, said = command(*words, DATABASE_URL=bare, output=str(tmp_path / "none"), into=into)
        assert (code, said.count("\n")) == (2, 1)
    code, said = command(backup, "restore", told["file"], into="nonsense")
    assert (code, said) == (2, "--into is no Postgres URL: postgresql://user:password@host:port/database\n")
    with psycopg.connect(bare) as connection:
        assert not connection.execute("SELECT FROM pg_database WHERE datname = 'never_made'").fetchall()


def test_retention_says_what_it_would_do_by_campaign(command):
    code, told = command(retention, "run", dry_run=True)
    assert (code, told["dry_run"]) == (0, True)
    assert {step["kind"] for step in told["steps"]} == {"raw", "leads", "parked", "replies", "audit"}
    code, told = command(retention, "run", "dpc_employers")
    assert {step["campaign"] for step in told["steps"]} == {"dpc_employers"}
    assert command(retention, "now")[0] == 2
