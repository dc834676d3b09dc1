import base64
import json
from dataclasses import replace

import pytest

from leadspiders.apis.http import Auth
from leadspiders.apis.registry import APIS
from leadspiders.apis.signing import sign

URL = "https://api.example.com/x"
API = APIS["apollo"]


def signed(auth: Auth, url: str = URL, body: bytes = b""):
    return sign(replace(API, auth=auth, auth_field="the-key"), "s/+=", url=url, body=body)


@pytest.mark.parametrize(
    ("auth", "headers"),
    [
        (Auth.NONE, {}),
        (Auth.HEADER, {"the-key": "s/+="}),
        (Auth.BEARER, {"Authorization": "Bearer s/+="}),
        (Auth.BASIC, {"Authorization": f"Basic {base64.b64encode(b's/+=:').decode()}"}),
    ],
)
def test_a_key_in_a_header_leaves_the_rest_alone(auth: Auth, headers: dict[str, str]) -> None:
    copy = signed(auth, body=b"body")
    assert (copy.url, copy.headers, copy.body) == (URL, headers, b"body")


def test_a_key_in_the_body_joins_what_is_there() -> None:
    copy = signed(Auth.JSON_FIELD, body=b'{"a": 1}')
    assert json.loads(copy.body) == {"a": 1, "the-key": "s/+="}
    assert copy.url == URL


@pytest.mark.parametrize("auth", [Auth.QUERY, Auth.JSON_FIELD])
@pytest.mark.parametrize(
    ("url", "whole"),
    [(URL, f"{URL}?the-key=s%2F%2B%3D"), (f"{URL}?a=%20b#c", f"{URL}?a=%20b&the-key=s%2F%2B%3D#c")],
)
def test_a_call_without_a_body_has_the_key_in_its_query(auth: Auth, url: str, whole: str) -> None:
    assert signed(auth, url).url == whole


def test_a_key_in_the_query_leaves_a_body_alone() -> None:
    assert signed(Auth.QUERY, body=b'{"a": 1}').body == b'{"a": 1}'


@pytest.mark.parametrize("auth", Auth)
def test_nothing_that_is_printed_holds_the_key(auth: Auth) -> None:
    assert "s/+=" not in repr(signed(auth, body=b"{}"))
