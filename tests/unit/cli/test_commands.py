"""What the commands have in common, and that Scrapy takes none of it for a command."""

from argparse import ArgumentParser, Namespace
from pkgutil import iter_modules

import pytest
from scrapy.cmdline import _get_commands_from_module
from scrapy.settings import Settings

from leadspiders import cli, commands
from leadspiders.cli.crawl_command import CrawlCommand
from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.cli.project_command import ProjectCommand
from leadspiders.errors import ArgumentError


class Silent(ProjectCommand):
    summary = "Says nothing"
    json_option = None

    def options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loud", action="store_true")

    def run(self, args: list[str], opts: Namespace) -> None:
        raise NotImplementedError


class Answer(DatabaseCommand):
    summary = "Answers by its one argument"

    async def answer(self, args: list[str], opts: Namespace) -> int:
        if not args:
            raise ArgumentError("name one")
        return int(args[0])


class Crawl(CrawlCommand):
    summary = "Crawls one"

    def check(self, args: list[str], opts: Namespace) -> None:
        if not args:
            raise ArgumentError("name one")

    def run(self, args: list[str], opts: Namespace) -> None:
        raise NotImplementedError


def options(command: ProjectCommand) -> set[str]:
    command.settings = Settings()
    parser = ArgumentParser()
    command.add_options(parser)
    return {name for action in parser._actions for name in action.option_strings}


def test_scrapy_finds_the_commands_and_not_what_they_have_in_common() -> None:
    found = _get_commands_from_module("leadspiders.commands", inproject=True)
    assert {"crawl", "spend", "status"} <= found.keys()
    assert all(one.short_desc() for one in found.values())
    assert not found.keys() & {one.name for one in iter_modules(cli.__path__)}
    assert found.keys() < {one.name for one in iter_modules(commands.__path__)}


def test_a_command_has_its_own_options_and_those_of_all() -> None:
    assert {"--loud", "--nolog"} <= options(Silent())
    assert "--json" not in options(Silent())
    assert "--json" in options(Answer())


def test_the_answer_is_the_exit_code_and_an_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    well, asked_wrongly = Answer(), Answer()
    well.run(["1"], Namespace())
    asked_wrongly.run([], Namespace())
    assert (well.exitcode, asked_wrongly.exitcode) == (1, 2)
    assert capsys.readouterr().err == "name one\n"


def test_what_is_wrong_ends_a_crawl_before_it_begins(capsys: pytest.CaptureFixture[str]) -> None:
    command = Crawl()
    command.settings = Settings()
    given = Namespace(set=[], logfile=None, loglevel=None, nolog=False, pidfile=None, pdb=False)
    command.process_options(["one"], given)
    with pytest.raises(SystemExit) as ended:
        command.process_options([], given)
    assert ended.value.code == 2
    assert capsys.readouterr().err == "name one\n"
