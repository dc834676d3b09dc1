"""A conversation is told what could not be sent: it knows what was paid for before."""

import asyncio

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError
from scrapy.http import Response, TextResponse

from leadspiders.apis.http import Call, Conversation
from leadspiders.errors import Unreachable
from leadspiders.middlewares.door import Door, request
from leadspiders.middlewares.promise import SENDING

BASE = {"apollo": "https://api.example.com"}


async def download(request: Request) -> Response:
    if request.url.endswith("/gone"):
        raise DownloadConnectionRefusedError("nobody listens")
    return TextResponse(request.url, body=b"{}", request=request)


def talk(*paths: str) -> Conversation[list[str]]:
    said = []
    for path in paths:
        try:
            reply = yield Call(api="apollo", path=path)
            said.append(reply.url)
        except Unreachable:
            said.append("unreachable")
    return said


def test_it_may_go_on() -> None:
    said = asyncio.run(Door(download, BASE).hold(talk("/a", "/gone", "/b")))
    assert said == ["https://api.example.com/a", "unreachable", "https://api.example.com/b"]


def test_or_end_as_if_it_had_asked_itself() -> None:
    def plain() -> Conversation[None]:
        yield Call(api="apollo", path="/gone")

    with pytest.raises(Unreachable, match="cannot be reached"):
        asyncio.run(Door(download, BASE).hold(plain()))


def test_only_what_costs_says_that_it_leaves() -> None:
    asked = []

    async def noted(request: Request) -> Response:
        asked.append(request.meta.get(SENDING))
        return await download(request)

    def talk() -> Conversation[None]:
        yield Call(api="apollo", path="/paid", credits=1.0)
        yield Call(api="apollo", path="/free")

    async def sending(account: str | None) -> None:
        """Awaited by the last hop."""

    asyncio.run(Door(noted, BASE).hold(talk(), sending))
    assert asked == [sending, None]


def test_a_cut_line_is_told_to_the_conversation_too() -> None:
    async def cut(request: Request) -> Response:
        raise DownloadFailedError("in the middle")

    def partly() -> Conversation[str]:
        try:
            yield Call(api="apollo", path="/a")
        except DownloadFailedError:
            return "with what there is"
        return "whole"

    assert asyncio.run(Door(cut, BASE).hold(partly())) == "with what there is"


@pytest.mark.parametrize(
    ("call", "kept"),
    [
        (Call(api="bls", path="/slice.csv"), True),
        (Call(api="bls", path="/poll", delay=1.0), False),
        (Call(api="apollo", path="/search"), False),
    ],
)
def test_only_what_needs_no_key_and_no_second_look_may_be_cached(call: Call, kept: bool) -> None:
    assert ("dont_cache" not in request(call, BASE["apollo"]).meta) is kept


def test_what_a_stage_asks_is_never_cached_and_tells_the_audit_whom_it_names() -> None:
    metas = []

    async def noted(request: Request) -> Response:
        metas.append(request.meta)
        return await download(request)

    call = Call(api="bls", path="/x", subjects=("ann@acme.example",))
    asyncio.run(Door(noted, {"bls": BASE["apollo"]}).send(call))
    assert (metas[0]["dont_cache"], metas[0]["subjects"]) == (True, call.subjects)
