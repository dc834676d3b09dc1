"""The weather that was ordered: how often which fault strikes which API, by a seeded dice."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any


class ForecastError(ValueError):
    """Raised for weather that cannot be: the message says what can."""


@dataclass(frozen=True, slots=True)
class Weather:
    """Rates from 0 to 1 for each call of one API; `slow_seconds` delays every answer.

    `timeout` holds the line for `timeout_seconds` and then drops it; `cut` drops it in the middle of the body;
    `malformed` sends half the body as if it were whole; `charge_then_fail` does the work (credits are charged, records
    written) and loses the answer: half the time as a 500, half the time as a dropped line.
    """

    rate_429: float = 0.0
    rate_5xx: float = 0.0
    timeout: float = 0.0
    cut: float = 0.0
    malformed: float = 0.0
    charge_then_fail: float = 0.0
    slow_seconds: float = 0.0
    timeout_seconds: float = 60.0


RATES = ("rate_429", "rate_5xx", "timeout", "cut", "malformed", "charge_then_fail")
_FAIR = Weather()


@dataclass(slots=True)
class Forecast:
    """The weather of each API and the dice, which roll the same way for one seed and order of calls."""

    seed: int
    apis: Sequence[str]
    by_api: dict[str, Weather] = field(default_factory=dict)
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def order(self, wanted: Mapping[str, Any]) -> None:
        """Set the weather of the APIs named; `{}` means fair weather everywhere. Raises `ForecastError`."""
        ordered = {_api_name(name, self.apis): _weather(name, values) for name, values in wanted.items()}
        self.by_api = {**self.by_api, **ordered} if ordered else {}

    def of(self, api: str) -> Weather:
        """The weather of one API."""
        return self.by_api.get(api, _FAIR)

    def strikes(self, api: str) -> str | None:
        """The fault that strikes this call, or None: one roll a call, the rates stand beside each other."""
        weather = self.of(api)
        if weather is _FAIR:
            return None
        roll = self.dice.random()
        for fault in RATES:
            roll -= getattr(weather, fault)
            if roll < 0:
                return fault
        return None


def _api_name(name: str, apis: Sequence[str]) -> str:
    plain = name.lower().replace("-", "_")
    if plain not in apis:
        raise ForecastError(f"no API is called {name}: there are {', '.join(apis)}")
    return plain


def _weather(api: str, values: Any) -> Weather:
    known = {each.name for each in fields(Weather)}
    if not isinstance(values, dict) or set(values) - known:
        raise ForecastError(f"the weather of {api} is an object of {', '.join(sorted(known))}")
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ForecastError(f"{api}: {name} is a number from 0 up")
    if sum(values.get(rate, 0) for rate in RATES) > 1:
        raise ForecastError(f"{api}: the rates of one API add up to 1 at most")
    return Weather(**{name: float(value) for name, value in values.items()})
