import copy
import datetime as dt
import tomllib
from importlib.resources import files
from typing import get_args

import pytest
from pydantic import ValidationError

from leadspiders import settings
from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.names import Destination, Metro, Provider
from leadspiders.campaigns.problems import explain
from leadspiders.rules.places import metro

TEXT = (files("leadspiders.campaigns") / "dpc_employers.toml").read_text()
DATA = tomllib.loads(TEXT) | {"name": "mine", "source_file": "mine.toml"}
ODD = [None, True, -1, 10**400, float("nan"), "", [None], {"x": {}}, dt.date(2026, 1, 1)]


def paths(data, above=()):
    lists = {"industry_risk", "naics", "states", "words"}  # one line of these stands for all
    for key, value in list(data.items())[: 1 if lists & set(above) else None]:
        yield (*above, key)
        if isinstance(value, dict):
            yield from paths(value, (*above, key))


def table_at(data, path):
    for key in path[:-1]:
        data = data[key]
    return data


def explained(data):
    try:
        Campaign.model_validate(data)
    except ValidationError as error:
        return explain(error, Campaign, data, TEXT, "mine.toml")
    return ""


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
def test_whatever_stands_in_place_of_a_value_is_explained_or_valid(odd):
    for path in paths(DATA):
        data = copy.deepcopy(DATA)
        table_at(data, path)[path[-1]] = odd
        for line in explained(data).splitlines():
            assert line.startswith("mine.toml:")
            assert "Input should" not in line


def test_a_key_too_many_is_found_in_every_table_of_fixed_keys():
    free = (
        "fields",
        "credits",
        "usd_per_credit",
        "industry_risk",
        "variants",
        "naics",
        "states",
        "words",
        "destinations",
    )
    found = 0
    for path in paths(DATA):
        data = copy.deepcopy(DATA)
        table = table_at(data, path)[path[-1]]
        if isinstance(table, dict) and path[-1] not in free:
            table["not_a_key"] = 1
            assert f"{'.'.join(path)}.not_a_key: unknown key; " in explained(data)
            found += 1
    assert found > 20


def test_a_part_that_is_registered_can_be_named_in_a_campaign():
    assert set(settings.LEADS_PROVIDERS) <= set(get_args(Provider))
    assert set(settings.LEADS_DESTINATIONS) <= set(get_args(Destination))


@pytest.mark.parametrize("name", get_args(Metro))
def test_a_metro_of_a_campaign_is_one_that_cities_are_counted_to(name):
    states = ["NY", "CA", "IL", "MA", "WA", "TX", "CO", "GA"]
    assert name in {metro(name, state) for state in states}
