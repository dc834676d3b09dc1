"""The weather is as ordered, and an impossible order is refused with what is possible."""

from typing import Any

import pytest

from leadspiders.sandbox.weather import Forecast, ForecastError, Weather


def forecast(**weather: Any) -> Forecast:
    made = Forecast(7, ("apollo", "sam_gov"))
    made.order(weather)
    return made


def test_fair_unless_ordered() -> None:
    assert {forecast().strikes("apollo") for _ in range(100)} == {None}


def test_rates_are_kept() -> None:
    storm = forecast(apollo={"rate_429": 0.2, "cut": 0.3})
    faults = [storm.strikes("apollo") for _ in range(2000)]
    assert 300 < faults.count("rate_429") < 500
    assert 500 < faults.count("cut") < 700
    assert storm.strikes("sam_gov") is None


def test_one_seed_rolls_the_same_dice() -> None:
    order = {"apollo": {"rate_5xx": 0.5}}
    one, two = forecast(**order), forecast(**order)
    assert [one.strikes("apollo") for _ in range(50)] == [two.strikes("apollo") for _ in range(50)]


def test_an_order_adds_to_others_and_an_empty_one_clears_all() -> None:
    sky = forecast(apollo={"cut": 1})
    sky.order({"SAM-GOV": {"timeout": 1}})
    assert (sky.strikes("apollo"), sky.strikes("sam_gov")) == ("cut", "timeout")
    sky.order({"apollo": {}})
    assert sky.of("apollo") == Weather()
    sky.order({})
    assert sky.of("sam_gov") == Weather()


@pytest.mark.parametrize(
    "wrong",
    [
        {"mars": {}},
        {"apollo": 1},
        {"apollo": {"rain": 1}},
        {"apollo": {"cut": -1}},
        {"apollo": {"cut": True}},
        {"apollo": {"cut": 0.6, "timeout": 0.6}},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ForecastError):
        forecast(**wrong)
