"""Addresses are found and judged by what a campaign names, over the wire, with the sandbox as the judge of the bill."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest

from leadspiders.sandbox.addresses import environment
from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build

CRAWL = ("crawl", "apollo", "-a", "sample=60", "-s", "DOWNLOAD_DELAY=0")
ASKED = ("hunter", "neverbounce")


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """The bundled campaign for marketers, whose addresses are judged, and looked for where Apollo has none."""
    text = (files("leadspiders.campaigns") / "performance_marketers.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("verify =", "email ="))]
    text = "\n".join(lines)
    text = text.replace("[providers]", '[providers]\nverify = ["neverbounce", "hunter"]', 1)
    text = text.replace("[providers.fields]", '[providers.fields]\nemail = ["apollo", "hunter"]', 1)
    file = tmp_path / "verified.toml"
    file.write_text(text)
    return file


@pytest.fixture
def own_sandbox() -> Iterator[str]:
    """A sandbox that nobody has bought from before."""
    with serving(build(Options(seed=11, people=300, companies=120))) as url:
        yield url


def tally(sandbox_url: str) -> dict[str, Any]:
    with urlopen(f"{sandbox_url}/_sandbox/tally", timeout=5) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def test_what_was_judged_is_charged_once_and_known(
    scrapy: Any, database: str, own_sandbox: str, campaign: Path
) -> None:
    type(scrapy)(scrapy.environment | environment(own_sandbox))(*CRAWL, "-a", f"campaign={campaign}")
    after = tally(own_sandbox)
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT provider, sum(credits) FROM spend WHERE state = 'settled' GROUP BY provider")
        spent = {name: float(amount) for name, amount in rows.fetchall()}
        said = dict(connection.execute("SELECT email_status, count(*) FROM contacts GROUP BY email_status").fetchall())
    for name in ASKED:
        assert spent.get(name, 0.0) == after["credits"].get(name, 0)
        assert not after["charged_twice"].get(name, 0)
    assert spent["neverbounce"] > 20
    assert "POST /v4.2/jobs/create" in after["calls"]["neverbounce"]["paths"]
    assert said["valid"] > 30
