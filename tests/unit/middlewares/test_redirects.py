import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from leadspiders.middlewares.redirects import Redirects, unsafe


@pytest.mark.parametrize(
    ("here", "there", "body", "word"),
    [
        ("https://a.example/x", "https://b.example/y", b"", None),
        ("http://a.example/x", "https://a.example/x", b"", None),
        ("https://a.example/x", "https://a.example/y", b"{}", None),
        ("https://a.example/x", "http://a.example/x", b"", "not encrypted"),
        ("https://a.example/x", "https://b.example/x", b"{}", "b.example"),
        ("https://a.example/x", "https://a.example:8443/x", b"{}", "another host"),
        ("http://a.example/x", "https://a.example/x", b"{}", "another host"),
    ],
)
def test_where_a_redirect_may_lead(here: str, there: str, body: bytes, word: str | None) -> None:
    problem = unsafe(Request(here), Request(there, method="POST" if body else "GET", body=body))
    assert problem is None if word is None else problem and word in problem


@pytest.mark.parametrize(
    ("location", "meta"),
    [("http://a.example/x", {}), ("https://b.example/x", {"redirect_times": 5}), ("https://[", {})],
)
def test_a_redirect_that_is_not_followed_is_the_answer(location: str, meta: dict[str, int]) -> None:
    middleware = Redirects.from_crawler(get_crawler(settings_dict={"REDIRECT_MAX_TIMES": 5}))
    request = Request("https://a.example/x", meta=meta)
    response = Response(request.url, status=302, headers={"Location": location})
    assert middleware.process_response(request, response) is response


def test_another_is_followed() -> None:
    middleware = Redirects.from_crawler(get_crawler())
    request = Request("https://a.example/x")
    response = Response(request.url, status=302, headers={"Location": "https://b.example/y"})
    followed = middleware.process_response(request, response)
    assert followed.url == "https://b.example/y"
