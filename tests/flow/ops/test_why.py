"""Why a lead was chosen, who must not be contacted, and what became of leads: the commands over one small crawl."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from leadspiders.guard.encryption_keys import make_key
from leadspiders.guard.rotation import rotate
from leadspiders.guard.vault import Vault
from leadspiders.sandbox.addresses import environment
from leadspiders.stores.postgres.pool import Database
from tests.conftest import ENCRYPTION_KEY, in_clear

ROOT = Path(__file__).parents[3] / "leadspiders" / "campaigns"
CRAWL = ("crawl", "apollo", "-a", "campaign=performance_marketers", "-a", "sample=30", "-s", "DOWNLOAD_DELAY=0")


@pytest.fixture(scope="module")
def scrapy(home: Any, urls: Any, new_database: Any, sandbox_url: str, make_scrapy: Any) -> Any:
    """Thirty leads, for all tests of this file."""
    surroundings = {"LEADS_HOME": str(home), "DATABASE_URL": new_database(), "REDIS_URL": urls.redis_url}
    made = make_scrapy(**surroundings, **environment(sandbox_url))
    made(*CRAWL)
    return made


def rows(scrapy: Any, query: str) -> list[Any]:
    with psycopg.connect(scrapy.environment["DATABASE_URL"]) as connection:
        return connection.execute(query).fetchall()


def test_a_lead_is_explained_to_the_point(scrapy: Any) -> None:
    ((lead, profile, quality, fit),) = rows(
        scrapy,
        "SELECT p.lead_id, c.linkedin_url, p.quality, p.fit FROM prospects p JOIN contacts c ON c.id = p.lead_id"
        " WHERE p.lead_state = 'ready' ORDER BY p.lead_id LIMIT 1",
    )
    told = json.loads(scrapy("explain", profile, "--json").stdout)
    (found,) = told["found"]
    (standing,) = found["campaigns"]
    assert found["id"] == str(lead)
    assert (standing["quality"]["score"], standing["fit"]["score"]) == (quality, fit)
    for score in ("quality", "fit"):
        assert sum(line["points"] for line in standing[score]["points"]) == standing[score]["score"]
    assert standing["spent_usd"] > 0
    passports = {one["field"]: one for one in found["fields"]}
    assert all(one["source"] and one["at"] and one["raw_record"] for one in passports.values())
    assert passports["email"]["source"] in {"apollo", "hunter", "dropcontact"}
    assert f"{lead}" in scrapy("explain", str(lead)).stdout


def test_nobody_is_no_error_of_the_user_and_nonsense_is(scrapy: Any) -> None:
    assert "Nobody is stored" in scrapy("explain", str(uuid4()), code=1).stdout
    assert "names no lead" in scrapy("explain", "Dana Field", code=2).stderr


def test_what_became_of_leads_is_counted_by_variant(scrapy: Any, tmp_path: Any) -> None:
    leads = [str(lead) for (lead,) in rows(scrapy, "SELECT lead_id FROM prospects WHERE is_qualified ORDER BY lead_id")]
    file = tmp_path / "closed.csv"
    lines = [f"{lead},{'won' if place % 3 == 0 else 'lost'}" for place, lead in enumerate(leads)]
    file.write_text("\n".join(["lead,outcome", *lines, f"{uuid4()},won"]))
    words = ("outcomes", "import", str(file), "-a", "campaign=performance_marketers")
    told = json.loads(scrapy(*words, "--json", code=1).stdout)
    assert told == {"lines": len(leads) + 1, "new": len(leads), "overwritten": 0, "open": 0, "problems": 1}
    compared = json.loads(scrapy("experiment", "performance_marketers", "--json").stdout)
    assert sum(one["outcomes"] for one in compared["variants"]) == len(leads)
    assert sum(one["won"] for one in compared["variants"]) == len(leads[::3])
    assert compared["verdict"].startswith("too early: ")


def test_other_weights_are_tried_without_a_call_or_a_change(scrapy: Any, tmp_path: Any) -> None:
    own = rows(scrapy, "SELECT lead_id, quality, fit, is_qualified FROM prospects ORDER BY lead_id")
    spent = rows(scrapy, "SELECT count(*) FROM spend")
    other = tmp_path / "harder.toml"
    other.write_text((ROOT / "performance_marketers.toml").read_text().replace("at_least = 75", "at_least = 100"))
    told = json.loads(scrapy("experiment", "performance_marketers", "--what-if", str(other), "--json").stdout)
    perfect = sum(quality == 100 for _, quality, _, _ in own)
    assert told["before"]["qualified"] == sum(qualified for *_, qualified in own)
    assert told["after"]["qualified"] == perfect < told["before"]["qualified"]
    assert told["no_longer_qualified"] == told["before"]["qualified"] - perfect
    assert rows(scrapy, "SELECT lead_id, quality, fit, is_qualified FROM prospects ORDER BY lead_id") == own
    assert rows(scrapy, "SELECT count(*) FROM spend") == spent


def test_an_opt_out_takes_the_lead_out_and_keeps_it_out(scrapy: Any) -> None:
    ((id_, sealed, key),) = rows(
        scrapy, "SELECT id, email, provider_id FROM contacts WHERE email IS NOT NULL ORDER BY id LIMIT 1"
    )
    email = in_clear("contacts", [{"id": id_, "email": sealed}])[0]["email"]
    assert json.loads(scrapy("optout", "check", email, "--json", code=1).stdout)["opted_out"] is False
    added = json.loads(scrapy("optout", "add", email.upper(), "--json").stdout)
    assert added["leads"] == 1
    assert added["added"] >= 3  # the address, and the profile and provider's id of the same person
    assert json.loads(scrapy("optout", "check", email, "--json").stdout)["opted_out"] is True
    assert email not in scrapy("leads", "performance_marketers", "--json").stdout
    bought = rows(scrapy, "SELECT count(*) FROM spend")
    scrapy(*CRAWL)
    assert email not in scrapy("leads", "performance_marketers", "--json").stdout
    assert rows(scrapy, "SELECT count(*) FROM spend") == bought
    assert rows(
        scrapy, f"SELECT lead_state FROM prospects p JOIN contacts c ON c.id = p.lead_id WHERE provider_id = '{key}'"
    ) == [("suppressed",)]
    status = scrapy.status("performance_marketers")
    assert status["suppressed"] == 1
    assert status["balanced"]


def test_what_was_read_and_bought_is_shown_as_it_came_before_and_after_the_key_was_changed(scrapy: Any) -> None:
    ((lead,),) = rows(scrapy, "SELECT lead_id FROM prospects WHERE lead_state = 'ready' ORDER BY lead_id LIMIT 1")
    new, url = make_key(), scrapy.environment["DATABASE_URL"]
    asked = ("explain", str(lead), "--raw", "--json")

    def read(**more: str) -> dict[str, str]:
        (found,) = json.loads(scrapy(*asked, **more).stdout)["found"]
        named = {one["raw_record"].partition("#")[0] for one in found["fields"]}
        assert named == {one["receipt"] for one in found["raw_records"]}
        return {one["receipt"]: one["body"] for one in found["raw_records"]}

    before = read()
    assert {receipt.partition(":")[0] for receipt in before if ":" in receipt} >= {"apollo"}
    assert all(json.loads(body) for body in before.values())
    try:
        done = json.loads(scrapy("keys", "rotate", "--json", LEADS_ENCRYPTION_KEYS=f"{new},{ENCRYPTION_KEY}").stdout)
        assert (done["complete"], done["unreadable"]) == (True, 0)
        assert read(LEADS_ENCRYPTION_KEYS=new) == before
        lost = scrapy(*asked, code=2)
        assert (lost.stdout, len(lost.stderr.splitlines())) == ("", 1)
        assert "copy LEADS_HOME/encryption.keys" in lost.stderr
    finally:
        asyncio.run(_rotated_back(url, Vault.of([ENCRYPTION_KEY, new])))


async def _rotated_back(url: str, vault: Vault) -> None:
    database = Database(url, vault=vault)
    try:
        assert (await rotate(database, url, vault)).complete
    finally:
        await database.close()
