"""`scrapy keys` as somebody uses it: a key goes in by standard input, is seen by its id, is checked, and goes out."""

import base64
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from leadspiders.apis.registry import APIS
from leadspiders.commands.keys_check import WORKS, check
from leadspiders.guard.keys_file import load
from leadspiders.sandbox.addresses import environment
from tests.conftest import ROOT, Scrapy

SECRET = "a-key-of-the-sales-team"


@pytest.fixture
def keys(scrapy: Scrapy, sandbox_url: str, tmp_path: Path) -> Scrapy:
    addresses = {name: url for name, url in environment(sandbox_url).items() if name.endswith("_URL")}
    file = {"LEADS_KEYS_FILE": str(tmp_path / "keys.enc")}
    sealed = {"LEADS_ENCRYPTION_KEYS": base64.b64encode(b"k" * 32).decode()}
    return Scrapy({**scrapy.environment, **addresses, **file, **sealed})


def add(keys: Scrapy, *words: str, secret: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "keys", "add", *words],
        env=dict(keys.environment),
        cwd=ROOT,
        input=secret,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_key_comes_is_listed_and_checked_and_goes(keys: Scrapy, tmp_path: Path) -> None:
    added = add(keys, "apollo", "--team", "sales", "--json", secret=SECRET)
    assert added.returncode == 0, added.stderr
    told = json.loads(added.stdout)
    assert SECRET not in added.stdout + added.stderr
    assert stat.S_IMODE((tmp_path / "keys.enc").stat().st_mode) == 0o600

    listed = keys("keys", "--json", HUBSPOT_TOKEN="an-invalid-token").stdout
    (apollo, hubspot) = json.loads(listed)["credentials"]
    assert (apollo["id"], apollo["team"], apollo["source"], apollo["state"]) == (told["id"], "sales", "file", "open")
    assert (hubspot["source"], hubspot["ending"]) == ("env", "****en")
    assert SECRET not in listed

    checked = keys("keys", "check", "--json", code=1, HUBSPOT_TOKEN="an-invalid-token").stdout
    verdicts = {one["id"]: one["verdict"] for one in json.loads(checked)["credentials"]}
    assert verdicts[told["id"]] == WORKS
    assert verdicts[hubspot["id"]].startswith("refused: HubSpot")
    assert "invalid-token" not in checked

    assert told["id"] in keys("keys", "remove", told["id"]).stdout
    assert load(tmp_path / "keys.enc", [keys.environment["LEADS_ENCRYPTION_KEYS"]]) == {}


@pytest.mark.parametrize("api", [name for name, api in APIS.items() if api.probe])
def test_every_free_call_tells_a_good_key_from_a_wrong_one(api: str, sandbox_url: str) -> None:
    address = environment(sandbox_url)[f"LEADS_{api.upper()}_URL"]
    assert check(APIS[api], "a-good-key-for-this", address, user_agent="test") == WORKS
    refused = check(APIS[api], "an-invalid-key-for-this", address, user_agent="test")
    assert refused.startswith("refused")
    assert "invalid-key" not in refused
