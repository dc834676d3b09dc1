import json
from argparse import Namespace
from pathlib import Path

import pytest
from scrapy.settings import Settings

from leadspiders.commands.campaigns import Command

FIXTURES = Path(__file__).parents[3] / "fixtures" / "campaigns"


@pytest.fixture
def run(capsys):
    def run_command(*args, as_json=False, directory=None):
        command = Command()
        command.settings = Settings({"LEADS_CAMPAIGNS_DIR": directory})
        command.run(list(args), Namespace(json=as_json))
        out, err = capsys.readouterr()
        return command.exitcode, out, err

    return run_command


def test_the_list_names_title_goal_and_file(run):
    code, out, err = run()
    assert (code, err) == (0, "")
    line = next(line for line in out.splitlines() if line.startswith("performance_marketers"))
    assert "Performance marketers in the United States" in line
    assert "20,000 leads in 24 hours" in line
    assert line.rstrip().endswith("performance_marketers.toml")


def test_the_list_as_json_has_the_users_own_too(run):
    code, out, _ = run(as_json=True, directory=str(FIXTURES))
    listed = {row["name"]: row for row in json.loads(out)["campaigns"]}
    assert code == 0
    assert listed["minimal"] == {
        "name": "minimal",
        "title": "The least a campaign can say",
        "file": str(FIXTURES / "minimal.toml"),
        "valid": True,
        "goal": {"leads": 10, "hours": 1.0},
    }
    assert listed["empty"]["valid"] is False
    assert listed["empty"]["goal"] is None


def test_a_valid_campaign_is_told_in_a_summary(run):
    code, out, err = run("check", "dpc_employers")
    assert (code, err) == (0, "")
    assert out.startswith("Employers for DPC health plans is a valid campaign\n")
    assert "50 to 1,200 staff" in out


def test_square_brackets_in_a_title_are_not_taken_for_markup(run):
    _, out, _ = run("check", str(FIXTURES / "unusual_but_valid.toml"))
    assert "Müller & Söhne [not a table]" in out


def test_a_valid_campaign_as_json_is_whole(run):
    code, out, _ = run("check", "dpc_employers", as_json=True)
    told = json.loads(out)
    assert code == 0
    assert told["valid"] is True
    assert told["campaign"]["goals"]["companies_per_hour"] == 1000


def test_problems_go_to_standard_error_and_exit_2(run):
    code, out, err = run("check", str(FIXTURES / "unknown_keys.toml"))
    assert (code, out) == (2, "")
    assert err.splitlines()[0].endswith('unknown_keys.toml:4: tittle: unknown key; did you mean "title"?')


def test_problems_as_json(run):
    code, out, _ = run("check", str(FIXTURES / "broken_toml.toml"), as_json=True)
    told = json.loads(out)
    assert (code, told["valid"]) == (2, False)
    assert told["problems"] == [f"{FIXTURES / 'broken_toml.toml'}:6: is no valid TOML at column 1: Unclosed array"]


@pytest.mark.parametrize("args", [("check",), ("chek", "x"), ("check", "a", "b"), ("--jsn",), ("check", "--jsn")])
def test_asked_wrongly_it_says_how_to_ask(run, args):
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert err == "say `scrapy campaigns`, or `scrapy campaigns check NAME_OR_FILE`\n"
