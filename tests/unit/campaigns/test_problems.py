from pathlib import Path

import pytest

from leadspiders.campaigns.loader import load
from leadspiders.campaigns.problems import MOST_SHOWN, nearest
from leadspiders.errors import CampaignError

FIXTURES = Path(__file__).parents[3] / "fixtures" / "campaigns"

TOLD = {
    "unknown_keys": [
        '4: tittle: unknown key; did you mean "title"?',
        '7: target.titels: unknown key; did you mean "titles"?',
        "9: target.employees.max: is missing: it has no default",
        '9: target.employees.maximum: unknown key; did you mean "max"?',
        "13: sources.apollo.delay: unknown key; valid: enabled, delay_seconds, per_page,",
        "15: sources.zoominfo: unknown key; valid: bls, samgov, apollo",
        '37: scoring.variants.control.industry.nacis: unknown key; did you mean "naics"?',
    ],
    "unknown_names": [
        '7: target.seniorities.0: "manger" is not known here; did you mean "manager"?',
        '8: target.countries.0: "USA" is written differently here; did you mean "United States"?',
        '8: target.countries.1: "Atlantis": no country',
        '9: target.states.1: "Texas" is no state of the United States; did you mean "TX"?',
        '9: target.states.2: "XX" is no state of the United States; valid: AK,',
        '10: target.metros.1: "Bosten" is not known here; did you mean "Boston"?',
        '11: target.naics.1: "5": no NAICS prefix',
        '17: providers.verify.0: "neverbounced" is not known here; did you mean "neverbounce"?',
        '20: providers.fields.emial: "emial" is not known here; did you mean "email"?',
        '21: providers.fields.phone.0: "apolo" is not known here; did you mean "apollo"?',
        " 1 more",  # the destination
    ],
    "wrong_types": [
        "1: title: must be text in quotes, not 2026",
        '3: lead: "person" is not known here; valid: contact, company',
        '6: target.titles: must be a list in [ ], not "Media Buyer"',
        '7: target.similar_titles: must be true or false, not "yes"',
        "8: target.naics.0: must be text in quotes, not 5416",
        "11: sources.bls: must be a table, not true",
        "14: sources.apollo.enabled: must be true or false, not 1",
        '15: sources.apollo.per_page: must be a whole number, not "100"',
        '18: budget.cap_usd: must be a number, not "10,000"',
        "22: budget.per_call_usd: must be a finite number, not inf",
        " 1 more",  # the fraction of a point
    ],
    "impossible_values": [
        "7: target.employees: min (1200) is more than max (50): swap them",
        "11: sources.apollo.per_page: must be at most 100, not 500",
        "12: sources.apollo.delay_seconds: must be at least 0, not -1",
        '15: sources.bls.year: write a year of four digits, or "latest", not newest',
        "20: budget.cap_usd: must be more than 0, not -100",
        "27: scoring.version: must not be empty",
        "29: scoring.quality: required_fields, email, company, title and location add up to 110: make it 100",
        "32: scoring.qualify: give exactly one of at_least and above",
        "42: scoring.variants.other.like: must name another variant",
        "45: goals.leads: must be more than 0, not 0",
        " 1 more",  # the backups
    ],
    "sums_and_bars": [
        "11: budget: per_run_usd (500) is more than cap_usd (100)",
        "21: scoring.qualify: give exactly one of at_least and above",
        "28: scoring.variants.control.industry: other (70) is more than cap (60)",
        "31: goals: per_hour (833) in 24 hours makes 19992, fewer than leads (20000)",
        "39: delivery.destinations.hubspot.deals_above_fit: is for pipedrive only: remove it",
    ],
    "broken_toml": ["6: is no valid TOML at column 1: Unclosed array"],
    "not_utf8": [" is not UTF-8 at byte 19: save it as UTF-8"],
    "empty": [
        f"1: {key}: is missing: it has no default"
        for key in ("title", "description", "lead", "target", "sources", "budget", "scoring", "goals")
    ],
}


@pytest.mark.parametrize("name", TOLD)
def test_each_problem_names_file_line_key_and_what_to_do(name):
    file = FIXTURES / f"{name}.toml"
    with pytest.raises(CampaignError) as caught:
        load(file)
    told = str(caught.value).splitlines()
    assert [line[: len(f"{file}:{start}")] for line, start in zip(told, TOLD[name], strict=True)] == [
        f"{file}:{start}" for start in TOLD[name]
    ]


def broken(tmp_path, *changes):
    text = (FIXTURES / "minimal.toml").read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(CampaignError) as caught:
        load(file)
    return str(caught.value).removeprefix(f"{file}:")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([("share = 1\n", "share = 0.9\n")], "18: scoring: the shares of the variants add up to 0.9: make it 1"),
        ([("cap = 60", "cap = 50")], "25: scoring.variants.control: the caps of its groups add up to 90: make it 100"),
        ([("[20, 40]", "[20, 10]")], "28: scoring.variants.control.decision_makers: points [20, 10] fall"),
        ([("[20, 40]", "[20, 50]")], "28: scoring.variants.control.decision_makers: points end at 50"),
        ([("[20, 40]", "[]")], "28: scoring.variants.control.decision_makers.points: must not be empty"),
        ([("enabled = true", "enabled = false")], "8: sources: none is enabled"),
        ([('titles = ["Media Buyer"]', "")], "5: target: name titles or seniorities"),
        ([("at_least = 75", "at_least = 101")], "23: scoring.qualify.at_least: must be at most 100, not 101"),
        ([("cap_usd = 100", "cap_usd = nan")], "12: budget.cap_usd: must be a finite number, not nan"),
        ([("at_least = 75", "")], "21: scoring.qualify: give exactly one of at_least and above"),
        ([('title = "', 'title = "  " #')], "1: title: must not be empty"),
    ],
)
def test_what_is_wrong_in_one_place_is_told_in_one_line(tmp_path, changes, told):
    assert broken(tmp_path, *changes).startswith(told)


def test_size_slices_exist_for_the_first_quarter_only(tmp_path):
    told = broken(tmp_path, ("[budget]", '[sources.bls]\nby = "size"\nquarter = "2"\n\n[budget]'))
    assert told == '11: sources.bls: by = "size" exists for the first quarter only: set quarter = "1", not "2"'


def test_not_more_than_ten_problems_are_told_at_once(tmp_path):
    told = broken(tmp_path, ("[target]", "[target]\n" + "".join(f"nonsense_{n} = {n}\n" for n in range(25))))
    lines = told.splitlines()
    assert len(lines) == MOST_SHOWN + 1
    assert lines[-1].endswith(": 15 more: mend these first")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("titels", 'did you mean "titles"?'),
        ("TITLES", 'did you mean "titles"?'),
        ("color", "valid: titles, states, metros"),
    ],
)
def test_the_nearest_name_is_guessed_only_when_it_is_near(name, hint):
    assert nearest(name, ["titles", "states", "metros"]) == hint
