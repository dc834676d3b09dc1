"""An API that only a file describes fills gaps of leads: asked, paced, paid for and kept like any other."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest

from leadspiders.stores.postgres.spend_settle import reply_place
from tests.conftest import VAULT

DESCRIBED = Path(__file__).parents[2] / "fixtures" / "providers"
KEY = "key-of-a-described-api"
CRAWL = ("crawl", "apollo", "-a", "sample=40", "-s", "DOWNLOAD_DELAY=0")


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """The bundled campaign for marketers, which asks the described API for telephones."""
    text = (files("leadspiders.campaigns") / "performance_marketers.toml").read_text(encoding="utf-8")
    text = text.replace("[providers.fields]", '[providers.fields]\nphone = ["http"]', 1)
    text = text.replace("[budget.usd_per_credit]", "[budget.usd_per_credit]\nhttp = 0.01", 1)
    file = tmp_path / "telephones.toml"
    file.write_text(text)
    return file


def credits_taken(sandbox_url: str) -> int:
    with urlopen(f"{sandbox_url}/_sandbox/tally", timeout=5) as answer:
        return int(json.load(answer)["credits"].get("http", 0))


def test_a_file_is_enough(sandboxed: Any, database: str, sandbox_url: str, campaign: Path) -> None:
    before = credits_taken(sandbox_url)
    surroundings = {"LEADS_HTTP_PROVIDERS": str(DESCRIBED / "people.toml"), "PEOPLE_API_KEY": KEY}
    done = sandboxed(*CRAWL, "-a", f"campaign={campaign}", **surroundings)
    with psycopg.connect(database) as connection:
        known = connection.execute("SELECT count(*) FROM spend WHERE provider = 'http' AND credits > 0").fetchone()
        replies = connection.execute("SELECT fact, reply FROM paid_replies WHERE provider = 'http'").fetchall()
    assert known
    assert known[0] == credits_taken(sandbox_url) - before > 0
    assert replies
    opened = [VAULT.open(reply, reply_place("http", fact)) for fact, reply in replies if reply]
    assert not [reply for reply in opened if KEY.encode() in reply]
    assert KEY not in done.stderr


def test_a_mistake_is_told_before_anything_starts(make_scrapy: Callable[..., Any], campaign: Path) -> None:
    mistakes = {"LEADS_HTTP_PROVIDERS": str(DESCRIBED / "mistakes.toml"), "APOLLO_API_KEY": "any"}
    done = make_scrapy(LEADS_HOME=str(campaign.parent))(*CRAWL, "-a", f"campaign={campaign}", code=2, **mistakes)
    assert "mistakes.toml:4: credits: " in done.stderr
    assert "Traceback" not in done.stderr
