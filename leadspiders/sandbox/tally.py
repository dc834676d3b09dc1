"""What was asked of the stand-ins and what they answered: plain counts, by API and path."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any


def _by_api() -> defaultdict[str, Counter[str]]:
    return defaultdict(Counter)


@dataclass(slots=True)
class Tally:
    """Counts since the start or the last reset; a path is the route's pattern, so `{code}` stands for all codes."""

    calls: defaultdict[str, Counter[str]] = field(default_factory=_by_api)
    statuses: defaultdict[str, Counter[str]] = field(default_factory=_by_api)
    weather: defaultdict[str, Counter[str]] = field(default_factory=_by_api)
    unknown_parameters: defaultdict[str, Counter[str]] = field(default_factory=_by_api)

    def clear(self) -> None:
        """Start again at nothing."""
        for counts in (self.calls, self.statuses, self.weather, self.unknown_parameters):
            counts.clear()

    def report(self) -> dict[str, Any]:
        """The counts as JSON data."""
        return {
            "calls": {
                api: {"total": paths.total(), "paths": dict(sorted(paths.items()))} for api, paths in self.calls.items()
            },
            "statuses": {api: dict(sorted(counts.items())) for api, counts in self.statuses.items()},
            "given_429": {api: counts["429"] for api, counts in self.statuses.items()},
            "weather": {api: dict(counts) for api, counts in self.weather.items()},
            "unknown_parameters": {api: dict(counts) for api, counts in self.unknown_parameters.items()},
        }
