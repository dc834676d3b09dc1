from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from leadspiders.campaigns.loader import available, load
from leadspiders.campaigns.names import Provider
from leadspiders.campaigns.prices import load_prices
from leadspiders.errors import CampaignError, SetupError

BUDGET = load("performance_marketers").budget.model_copy(update={"usd_per_credit": {}})
TODAY = date(2026, 3, 2)
LIST = """
[[hunter]]
from = 2026-01-01
usd_per_credit = 0.05
[[hunter]]
from = 2026-03-02
usd_per_credit = 0.07
credits = {verify = 0.5}
[[hunter]]
from = 2027-01-01
usd_per_credit = 0.09
"""


@pytest.fixture
def own(tmp_path):
    def made(text):
        file = tmp_path / "mine.toml"
        file.write_text(text)
        return load_prices(file)

    return made


@pytest.mark.parametrize(
    ("day", "usd", "version"),
    [
        (date(2026, 3, 1), "0.05", "2026-01-01"),
        (TODAY, "0.07", "2026-03-02"),
        (date(2026, 12, 31), "0.07", "2026-03-02"),
        (date(2027, 1, 1), "0.09", "2027-01-01"),
    ],
)
def test_the_price_of_the_day_holds(own, day, usd, version):
    price = own(LIST).price("hunter", "find", 1, budget=BUDGET, day=day)
    assert (price.usd_per_credit, price.version, price.credits_each) == (Decimal(usd), version, 1)


def test_a_plan_may_take_other_credits_than_the_documents_say(own):
    assert own(LIST).price("hunter", "verify", 1, budget=BUDGET, day=TODAY).credits_each == Decimal("0.5")


def test_the_campaigns_own_price_wins(own):
    budget = BUDGET.model_copy(update={"usd_per_credit": {"hunter": 0.01}})
    price = own(LIST).price("hunter", "find", 1, budget=budget, day=TODAY)
    assert (price.usd_per_credit, price.version) == (Decimal("0.01"), "campaign")


@pytest.mark.parametrize(("provider", "day"), [("apollo", TODAY), ("hunter", date(2025, 1, 1))])
def test_what_nobody_priced_is_not_bought(own, provider, day):
    with pytest.raises(SetupError, match=f"set budget.usd_per_credit.{provider} "):
        own(LIST).price(provider, "find", 1, budget=BUDGET, day=day)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[huntr]]\nfrom = 2026-01-01\nusd_per_credit = 1\n", "mine.toml:1: huntr"),
        ("[[hunter]]\nusd_per_credit = 1\n", "from: is missing"),
        ("[[hunter]]\nfrom = 2026-01-01\nusd_per_credit = -1\n", "usd_per_credit: must be at least 0"),
        ("[[hunter]\n", "no valid TOML"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(own, text, told):
    with pytest.raises(CampaignError) as error:
        own(text)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CampaignError, match="cannot be read"):
        load_prices(tmp_path / "none.toml")


def test_the_package_prices_everybody_who_has_a_price():
    prices = load_prices()
    for name in set(get_args(Provider)) - {"http"}:
        assert prices.price(name, "any", 1, budget=BUDGET, day=TODAY).usd_per_credit > 0


def test_the_price_list_is_no_campaign():
    assert "prices" not in {listed.name for listed in available()}
