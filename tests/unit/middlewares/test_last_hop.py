import json

import pytest
from scrapy import Request

from leadspiders.apis.registry import APIS
from leadspiders.middlewares.last_hop import belongs_to, signed


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
