from datetime import UTC, datetime

import pytest
from psycopg import errors
from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings

from leadspiders.commands.connect import campaign, database_url, hashes, run
from leadspiders.errors import ArgumentError, StoreError, UsageError
from leadspiders.stores.postgres.backup import make
from leadspiders.stores.postgres.migrate import missing, upgrade

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Command(ScrapyCommand):
    def short_desc(self):
        return "does what a test asks for"

    def run(self, args, opts):
        raise NotImplementedError


async def exits(code):
    return code


async def fails(error):
    raise error


def test_the_exit_code_is_what_the_work_returns():
    command = Command()
    run(command, exits(1))
    assert command.exitcode == 1


def test_an_error_of_ours_is_one_line_and_exit_2(capsys):
    command = Command()
    run(command, fails(StoreError("Postgres is away: start it")))

    assert command.exitcode == 2
    assert capsys.readouterr() == ("", "Postgres is away: start it\n")


def test_what_postgres_refuses_is_one_line_and_exit_2(capsys):
    command = Command()
    run(command, fails(errors.InsufficientPrivilege("permission denied for table pairs")))

    assert command.exitcode == 2
    assert capsys.readouterr().err == (
        "Postgres refuses it (permission denied for table pairs): see to that, then start it again\n"
    )


@pytest.mark.parametrize(
    ("url", "words"),
    [("nonsense", "no Postgres URL"), ("postgresql://me:secret@127.0.0.1:1/leads", "does not answer at 127.0.0.1:1")],
)
def test_a_database_that_is_none_is_told_in_one_line(url, words, tmp_path):
    settings = Settings({"DATABASE_URL": url, "LEADS_ENCRYPTION_KEYS_FILE": str(tmp_path / "encryption.keys")})
    asked = (lambda: hashes(settings), lambda: missing(url), lambda: upgrade(url), lambda: make(url, tmp_path, now=NOW))
    for ask in asked:
        with pytest.raises(StoreError, match=words) as caught:
            ask()
        assert str(caught.value).count("\n") == 0
        assert "secret" not in str(caught.value)


def test_a_mistake_of_ours_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        run(Command(), fails(ZeroDivisionError()))


def test_ctrl_c_is_no_error_message(capsys):
    command = Command()
    run(command, fails(KeyboardInterrupt()))

    assert command.exitcode == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "name one campaign"),
        (["a", "b"], "name one campaign"),
        (["performance_marketers", "--jsno"], "does not know --jsno"),
    ],
)
def test_anything_but_one_campaign_is_told_in_one_line(args, words):
    with pytest.raises(ArgumentError, match=words):
        campaign(Settings(), args, "status")


def test_a_campaign_of_the_users_own_wins(tmp_path):
    bundled = campaign(Settings(), ["performance_marketers"], "status")
    own = tmp_path / "performance_marketers.toml"
    own.write_text("title = 3")

    assert bundled.name == "performance_marketers"
    with pytest.raises(UsageError, match="title"):
        campaign(Settings({"LEADS_CAMPAIGNS_DIR": str(tmp_path)}), ["performance_marketers"], "status")


def test_a_database_that_is_given_is_taken():
    assert database_url(Settings({"DATABASE_URL": "postgresql://db/x"})) == "postgresql://db/x"
