"""Two keys of one API in a real crawl: the second is for when the first is refused or used up, never beside it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from tests.flow.test_frontier import CAMPAIGN

KEYS = "invalid-of-the-ring,second-of-the-ring"
TIMEOUT = 5


@pytest.fixture
def order(sandbox_url: str) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Other limits for the sandbox."""

    def ordered(limits: dict[str, Any]) -> None:
        requests.post(f"{sandbox_url}/_sandbox/limits", json=limits, timeout=TIMEOUT).raise_for_status()

    requests.post(f"{sandbox_url}/_sandbox/reset", timeout=TIMEOUT)
    yield ordered
    requests.post(f"{sandbox_url}/_sandbox/reset", timeout=TIMEOUT)


def used(database: str) -> list[list[tuple[Any, int]]]:
    """When each key was used, and with what status: the keys in the order of their first use."""
    found: dict[str, list[tuple[Any, int]]] = {}
    with psycopg.connect(database) as connection:
        for key, at, status in connection.execute("SELECT credential, at, status FROM audit ORDER BY at"):
            found.setdefault(key, []).append((at, status))
    return list(found.values())


def test_a_refused_key_gives_way_to_the_next(
    sandboxed: Any, database: str, order: Callable[..., None], tmp_path: Path
) -> None:
    campaign = tmp_path / "search.toml"
    campaign.write_text(CAMPAIGN)
    words = ("crawl", "apollo", "-a", f"campaign={campaign}", "-a", "sample=20", "-s", "DOWNLOAD_DELAY=0")
    sandboxed(*words, APOLLO_API_KEY=KEYS)
    first, second = used(database)
    assert {status for _, status in first} == {401}
    assert len(first) <= 8  # what was under way
    assert {status for _, status in second} == {200}
    assert sandboxed.status(str(campaign))["seen"] >= 20
