import json

import pytest
from scrapy import Request
from scrapy.http import TextResponse

from leadspiders.apis.registry import APIS
from leadspiders.guard.redact import Redactor
from leadspiders.middlewares.last_hop import belongs_to, cleaned, signed


@pytest.mark.parametrize(
    ("url", "base_url", "belongs"),
    [
        ("https://api.apollo.io/api/v1/people/match", "https://api.apollo.io", True),
        ("http://127.0.0.1:9/apollo/api/v1/x", "http://127.0.0.1:9/apollo", True),
        ("http://127.0.0.1:9/apollo-storage/x", "http://127.0.0.1:9/apollo", False),
        ("http://api.apollo.io/api/v1/people/match", "https://api.apollo.io", False),
        ("https://api.apollo.io.evil.example/api", "https://api.apollo.io", False),
        ("https://api.apollo.io:8443/api", "https://api.apollo.io", False),
    ],
)
def test_a_credential_goes_to_its_own_service_only(url: str, base_url: str, belongs: bool) -> None:
    assert belongs_to(url, base_url) is belongs


def test_a_header_key_is_put_into_a_copy() -> None:
    request = Request("https://api.sam.gov/x")
    assert signed(request, APIS["sam_gov"], "k").headers["X-Api-Key"] == b"k"
    assert not request.headers


def test_a_bearer_token_is_put_into_a_copy() -> None:
    request = Request("https://api.hubapi.com/x")
    assert signed(request, APIS["hubspot"], "t").headers["Authorization"] == b"Bearer t"
    assert not request.headers


def test_a_json_field_joins_the_body_of_a_copy() -> None:
    request = Request("https://api.bls.gov/x", method="POST", body=b'{"seriesid": ["A"]}')
    copy = signed(request, APIS["bls_api"], "k")
    assert json.loads(copy.body) == {"seriesid": ["A"], "registrationkey": "k"}
    assert request.body == b'{"seriesid": ["A"]}'


def test_a_way_up_is_no_way_out_of_the_base_path() -> None:
    for way in ("..", "%2e%2e", "%2E."):
        assert not belongs_to(f"http://127.0.0.1:9/apollo/{way}/other", "http://127.0.0.1:9/apollo")


def test_a_signed_request_asks_for_a_body_in_which_an_echo_shows() -> None:
    request = Request("https://api.sam.gov/x", headers={"Accept-Encoding": "gzip"})
    assert signed(request, APIS["sam_gov"], "k").headers["Accept-Encoding"] == b"identity"
    assert request.headers["Accept-Encoding"] == b"gzip"


def test_a_key_in_the_query_is_gone_from_the_response_and_what_it_echoes() -> None:
    request = Request("https://api.bls.gov/x?a=1")
    asked = signed(request, APIS["bls_api"], "the-secret/")
    assert asked.url == "https://api.bls.gov/x?a=1&registrationkey=the-secret%2F"
    answer = TextResponse(asked.url, body=b"The key:the-secret/ is invalid", headers={"Link": asked.url})
    told = cleaned(answer, request, Redactor(["the-secret/"]))
    assert told.url == request.url
    assert told.body == b"The key:*** is invalid"
    assert b"secret" not in told.headers["Link"]
