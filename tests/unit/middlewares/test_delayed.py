import asyncio
import time
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from leadspiders.middlewares.delayed import Delayed


def waiting(request, *, closing):
    """What the middleware does with a request while the engine is being closed, or not; and what was queued again."""
    queued = []
    engine = SimpleNamespace(_slot=SimpleNamespace(closing=closing), crawl=queued.append)
    middleware = Delayed(SimpleNamespace(engine=engine))
    try:
        asyncio.run(asyncio.wait_for(middleware.process_request(request), timeout=5))
    except IgnoreRequest:
        return "ignored", queued
    return "passed", queued


@pytest.mark.parametrize("meta", [{}, {"not_before": 1.0}])
@pytest.mark.parametrize("closing", [None, object()])
def test_what_is_due_passes(meta, closing):
    assert waiting(Request("https://x.example.com", meta=meta), closing=closing) == ("passed", [])


def test_what_is_due_in_a_moment_passes_then():
    assert (
        waiting(Request("https://x.example.com", meta={"not_before": time.time() + 0.01}), closing=None)[0] == "passed"
    )


def test_what_is_not_due_when_the_crawl_ends_goes_back_into_the_queue_with_its_time():
    due = time.time() + 3600
    request = Request("https://x.example.com", meta={"not_before": due}, cb_kwargs={"token": "abc"})
    what, (again,) = waiting(request, closing=object())
    assert what == "ignored"
    assert (again.url, again.meta["not_before"], again.cb_kwargs) == (request.url, due, {"token": "abc"})
    assert again.dont_filter
