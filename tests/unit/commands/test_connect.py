import pytest
from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings

from leadspiders.commands.connect import campaign, database_url, run
from leadspiders.errors import ArgumentError, StoreError, UsageError


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
