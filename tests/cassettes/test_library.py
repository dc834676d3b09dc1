"""What holds for every cassette in the library: complete, small, and nothing in it that must not be there."""

import base64
import gzip
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from leadspiders.apis.http import Api, Auth
from leadspiders.apis.registry import APIS
from leadspiders.middlewares.last_hop import belongs_to
from tests.cassettes.deck import CASSETTES, MARK, placeholder

HERE = Path(__file__).parent
MOST_BYTES = 400_000
DOMAIN_OF_ADDRESS = re.compile(r"[\w.+%'-]+@((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)
RESERVED = re.compile(r"(.+\.)?example(\.com)?", re.IGNORECASE)  # RFC 2606: nobody can live there
OF_THIS_MACHINE = re.compile(r"127\.0\.0\.1|localhost|\[::1\]|/home/|/Users/|/tmp/|/root/")


def names(api: str = "*") -> list[str]:
    """The cassettes of one API, or of all."""
    return sorted(path.relative_to(CASSETTES).with_suffix("").as_posix() for path in CASSETTES.glob(f"{api}/*.json"))


@pytest.mark.parametrize("api", APIS)
def test_every_api_has_a_cassette(api: str) -> None:
    assert names(api)


def test_every_cassette_is_played() -> None:
    tests = "".join(path.read_text() for path in HERE.glob("test_*.py"))
    crawled = {f"{api}/crawl" for api in APIS}  # named by the spiders themselves
    assert [name for name in names() if f'"{name}"' not in tests and name not in crawled] == []


def test_the_library_is_small() -> None:
    assert sum((CASSETTES / f"{name}.json").stat().st_size for name in names()) < MOST_BYTES


@pytest.mark.parametrize("name", names())
def test_nothing_in_it_must_stay_secret(name: str) -> None:
    text = everything(name)
    keys = [os.environ.get(api.key_name, "") for api in APIS.values() if api.key_name]
    assert [key for key in (MARK, *keys) if len(key) > 7 and key in text] == []
    assert OF_THIS_MACHINE.findall(text) == []
    assert [domain for domain in DOMAIN_OF_ADDRESS.findall(text) if not RESERVED.fullmatch(domain)] == []


@pytest.mark.parametrize("name", names())
def test_it_speaks_to_its_own_service_with_a_placeholder(name: str) -> None:
    api = APIS[name.partition("/")[0]]
    for one in interactions(name):
        assert belongs_to(one["request"]["uri"], api.base_url)
        assert one["response"]["url"] == one["request"]["uri"]
        if api.key_required or name == "bls_api/series":
            assert credential_in(one["request"], api) == placeholder(api.key_name)


def test_the_secrets_test_looks_into_packed_bodies() -> None:
    packed = base64.b64encode(gzip.compress(b"someone@mail.test")).decode()
    body = {"encoding": "", "base64_string": packed}
    assert DOMAIN_OF_ADDRESS.findall(text_of(body)) == ["mail.test"]
    assert not RESERVED.fullmatch("mail.test")
    assert not RESERVED.fullmatch("myexample.com")


def interactions(name: str) -> list[dict[str, Any]]:
    """The requests and responses of a cassette, as the file has them."""
    found: list[dict[str, Any]] = json.loads((CASSETTES / f"{name}.json").read_text())["http_interactions"]
    assert found
    return found


def everything(name: str) -> str:
    """The file, and what its packed bodies hold."""
    bodies = (one[end]["body"] for one in interactions(name) for end in ("request", "response"))
    return "\n".join([(CASSETTES / f"{name}.json").read_text(), *map(text_of, bodies)])


def text_of(body: dict[str, str]) -> str:
    """A body as it can be read."""
    raw = base64.b64decode(body.get("base64_string", "")) or body["string"].encode()
    return (gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw).decode()


def credential_in(request: dict[str, Any], api: Api) -> str:
    """What stands where this API takes its key."""
    if api.auth is Auth.JSON_FIELD and not request["body"]["string"]:
        (value,) = parse_qs(urlsplit(request["uri"]).query)[api.auth_field]
        return value
    if api.auth is Auth.JSON_FIELD:
        return str(json.loads(request["body"]["string"])[api.auth_field])
    (value,) = request["headers"][api.auth_field.lower()]
    return str(value).removeprefix("Bearer ")
