import json
import pickle
from collections.abc import AsyncIterator
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.request import fingerprint

from leadspiders.middlewares.frontier_request import LEASED, to_message, to_request


class Example(Spider):
    name = "example"

    async def parse_page(self, response: Response, page: int) -> AsyncIterator[Any]:
        yield page

    async def failed(self, failure: Any) -> None: ...

    async def _private(self, response: Response) -> None: ...

    def plain(self, response: Response) -> None: ...


SPIDER = Example()


def stored(**more: Any) -> bytes:
    return json.dumps({"url": "https://example.com/"} | more).encode()


def test_a_request_comes_back_as_it_was() -> None:
    request = Request(
        "https://example.com/?page=2",
        method="POST",
        headers={"Accept": ["a", "b"], "X-Name": "é".encode("latin-1")},
        body=b"\x00\xff{}",
        meta={"api": "apollo", "depth": 3},
        callback=SPIDER.parse_page,
        cb_kwargs={"page": 2},
        errback=SPIDER.failed,
        priority=-7,
        dont_filter=True,
        flags=["x"],
    )
    back = to_request(to_message(request, SPIDER).payload, SPIDER)
    names = ("url", "method", "headers", "body", "meta", "callback", "cb_kwargs", "errback", "priority", "flags")
    assert [getattr(back, name) for name in names] == [getattr(request, name) for name in names]
    assert back.dont_filter


def test_a_filtered_request_is_named_after_its_fingerprint_and_another_is_not() -> None:
    request = Request("https://example.com/")
    message = to_message(request, SPIDER)
    assert message.filtered
    assert message.id == fingerprint(request)[:16]
    twice = [to_message(request.replace(dont_filter=True), SPIDER) for _ in range(2)]
    assert not twice[0].filtered
    assert len({message.id, twice[0].id, twice[1].id}) == 3


def test_a_lease_is_not_stored() -> None:
    assert LEASED.encode() not in to_message(Request("https://e.com", meta={LEASED: "ab:1"}), SPIDER).payload


@pytest.mark.parametrize("header", ["Authorization", "x-api-key", "X-Access-Token", "Cookie"])
def test_a_credential_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match="credentials enter at the last hop"):
        to_message(Request("https://example.com", headers={header: "secret"}), SPIDER)


def test_cookies_are_refused() -> None:
    with pytest.raises(ValueError, match="carries cookies"):
        to_message(Request("https://example.com", cookies={"session": "secret"}), SPIDER)


def test_a_callback_that_no_other_worker_could_find_is_refused() -> None:
    async def elsewhere(response: Response) -> None: ...

    with pytest.raises(ValueError, match="no method of example"):
        to_message(Request("https://example.com", callback=elsewhere), SPIDER)


def test_what_cannot_be_written_as_json_is_refused() -> None:
    with pytest.raises(TypeError):
        to_message(Request("https://example.com", cb_kwargs={"page": object()}), SPIDER)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        pickle.dumps({"url": "https://example.com/"}),
        stored(callback="_private"),
        stored(callback="__init__"),
        stored(callback="nobody"),
        stored(callback="plain"),
        stored(errback="name"),
        stored(_class="subprocess.Popen"),
        stored(url=5),
        stored(url="no-scheme"),
        stored(meta=[]),
    ],
)
def test_what_is_no_request_of_this_spider_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        to_request(payload, SPIDER)


def test_the_password_of_a_proxy_stays_out_of_the_queue() -> None:
    request = Request("https://example.com/", headers={"Proxy-Authorization": "Basic dTpw", "Accept": "a"})
    payload = to_message(request, SPIDER).payload
    assert b"dTpw" not in payload
    assert to_request(payload, SPIDER).headers.to_unicode_dict() == {"Accept": "a"}
