"""What the pace makes of an answer: a credential is closed for a while, and a request never goes round for ever."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.settings import Settings

from leadspiders.middlewares.pace import Pace


class Pacer:
    """Notes what it is told; another credential is always open."""

    def __init__(self) -> None:
        self.told_of: list[str] = []

    async def told(self, *_: Any) -> None:
        """Nothing."""

    async def too_fast(self, *_: Any) -> None:
        self.told_of.append("too fast")

    async def close(self, *_: Any, paid: bool) -> bool:
        self.told_of.append("closed")
        return True

    async def unsent(self, *_: Any) -> None:
        self.told_of.append("unsent")


@pytest.fixture
def pacer() -> Pacer:
    return Pacer()


@pytest.fixture
def pace(pacer: Pacer) -> Pace:
    return Pace(SimpleNamespace(pacer=pacer, settings=Settings({"RETRY_TIMES": 2})))  # type: ignore[arg-type]


def asked(**meta: Any) -> Request:
    known = {
        "api": "sam_gov",
        "download_slot": "sam_gov:default",
        "credential": "sam_gov-1",
        "pace": ["x|default", 5, 1, 0],
    }
    return Request("https://api.sam.gov/x", meta=known | meta)


def answer(pace: Pace, request: Request, status: int, **headers: str) -> Request | Response:
    return asyncio.run(pace.process_response(request, Response(request.url, status=status, headers=headers)))


def test_a_quota_that_is_back_at_once_is_asked_again_by_who_counts_the_tries(pace: Pace, pacer: Pacer) -> None:
    assert isinstance(answer(pace, asked(), 429, **{"Retry-After": "0"}), Response)
    assert pacer.told_of == ["too fast"]


def test_each_credential_that_is_tried_is_a_try(pace: Pace, pacer: Pacer) -> None:
    request: Request | Response = asked()
    sent = 0
    while isinstance(request, Request):
        request, sent = answer(pace, request, 401), sent + 1
    assert sent == 3
    assert pacer.told_of == ["closed"] * 3


@pytest.mark.parametrize(
    ("error", "told"), [(DownloadConnectionRefusedError(), ["unsent"]), (DownloadTimeoutError(), [])]
)
def test_a_call_that_never_left_gives_its_moment_back(
    pace: Pace, pacer: Pacer, error: Exception, told: list[str]
) -> None:
    request = asked()
    for _ in range(2):
        asyncio.run(pace.process_exception(request, error))
    assert pacer.told_of == told
