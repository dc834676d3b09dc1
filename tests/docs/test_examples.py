"""The examples of the how-to guides run, and do what the guide says."""

import re
import textwrap
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Reply, converse
from leadspiders.campaigns.delivery import Receiver
from leadspiders.campaigns.loader import load
from leadspiders.campaigns.model import Campaign
from leadspiders.errors import CredentialRefused
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.outbox import Delivery

PYTHON = re.compile(r"^ *```python\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
TOML = re.compile(r"^ *```toml\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SAM = Contact(id=UUID(int=7), full_name="Sam Doe", company=Company(domain="acme.example"), provider_key="apollo:1")


def example(page: Path) -> dict[str, Any]:
    """What the one Python example of a page defines."""
    (code,) = PYTHON.findall(page.read_text(encoding="utf-8"))
    defined: dict[str, Any] = {}
    exec(compile(textwrap.dedent(code), str(page), "exec"), defined)
    return defined


def reply(status: int, body: bytes = b"") -> Reply:
    return Reply(status=status, url="https://api.example/v1", body=body, received_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_the_source_reads_its_replies(root: Path) -> None:
    source = example(root / "docs/how-to/add-a-source.md")
    assert source["firms_call"](2).url(source["API"].base_url) == "https://api.registry.example/v1/firms?page=2"
    assert [firm.name for firm in source["read_firms"](reply(200, b'[{"name": "Acme"}]'))] == ["Acme"]
    with pytest.raises(CredentialRefused):
        list(source["read_firms"](reply(401)))


def test_the_provider_buys_an_email(root: Path) -> None:
    finder = example(root / "docs/how-to/add-a-provider.md")["Finder"]().offers()[0]
    assert finder.wants(SAM)
    bought, calls = converse(finder.ask([SAM], Drift()), [reply(200, b"sam@acme.example")])
    assert (bought.credits, calls[0].credits) == (1.0, 1.0)
    assert finder.read(bought.replies[0], SAM).email == "sam@acme.example"
    nothing, _ = converse(finder.ask([SAM], Drift()), [reply(404)])
    assert (nothing.replies, nothing.credits) == ([None], 0.0)


@pytest.mark.parametrize(("status", "outcome"), [(200, "sent"), (500, "failed")])
def test_the_destination_settles_each_lead(status: int, outcome: str, root: Path) -> None:
    board = example(root / "docs/how-to/add-a-destination.md")["Board"](Receiver(tags=("new",)))
    delivery = Delivery(id=1, campaign="c", destination="board", lead=SAM, external_id=None, attempts=1, version=1)
    settlements, calls = converse(board.deliver([delivery]), [reply(status)])
    assert calls[0].json == {"title": "Sam Doe", "tags": ["new"]}
    assert [settlement.outcome for settlement in settlements] == [outcome]


@pytest.mark.parametrize(
    "name", ["tutorial.md", "how-to/add-a-provider.md", "how-to/add-a-destination.md", "how-to/describe-an-api.md"]
)
def test_the_changes_to_a_campaign_make_a_valid_one(name: str, root: Path) -> None:
    fixed = {"name", "source_file"}
    campaign = load("performance_marketers").model_dump(mode="json", exclude_unset=True, exclude=fixed)
    blocks = TOML.findall((root / "docs" / name).read_text(encoding="utf-8"))
    assert blocks
    for block in blocks:
        overlay(campaign, tomllib.loads(textwrap.dedent(block)))
    Campaign.model_validate_json(msgspec.json.encode(campaign | {"name": "mine", "source_file": "mine.toml"}))


def test_the_described_api_is_the_one_in_the_fixtures(root: Path) -> None:
    page = (root / "docs/how-to/describe-an-api.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^ *```text\n(.*?)^ *```", page, re.MULTILINE | re.DOTALL)
    assert tomllib.loads(textwrap.dedent(shown)) == tomllib.loads(
        (root / "fixtures/providers/people.toml").read_text(encoding="utf-8")
    )


def overlay(table: dict[str, Any], changes: dict[str, Any]) -> None:
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(table.get(key), dict):
            overlay(table[key], value)
        else:
            table[key] = value
