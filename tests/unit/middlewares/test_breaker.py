import asyncio
import time
from types import SimpleNamespace

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings

from leadspiders import settings as product
from leadspiders.errors import CircuitOpen
from leadspiders.middlewares import breaker as module
from leadspiders.middlewares.breaker import TRIAL, Breaker, is_ill

CALL = {"api": "apollo", "download_slot": "apollo:bulk"}


def call(**meta):
    return Request("https://api.apollo.io/x", meta=CALL | meta)


def answer(status, **more):
    return Response("https://api.apollo.io/x", status=status, **more)


class At:
    """A breaker that has lost Redis, and so goes by what it sees itself. Its clock stands until a test moves it."""

    def __init__(self, monkeypatch):
        self.seconds = time.time()
        self.counted, self.incidents, self.leased = [], [], []

        async def opened(database, kind, subject, **more):
            self.incidents.append(("opened", subject))

        async def closed(database, kind, subject):
            self.incidents.append(("closed", subject))

        def scheduler(crawler):
            leases = SimpleNamespace(of=lambda request: any(request is one for one in self.leased))
            return SimpleNamespace(queue=SimpleNamespace(leases=leases))

        context = SimpleNamespace(
            redis=Redis(port=1, retry=Retry(NoBackoff(), 0)),
            count=self.counted.append,
            database=None,
            campaign=SimpleNamespace(name="spring"),
            run_id="run",
        )
        monkeypatch.setattr(module, "Context", SimpleNamespace(of=lambda crawler: context))
        monkeypatch.setattr(module, "Scheduler", SimpleNamespace(of=scheduler))
        monkeypatch.setattr(module, "open_incident", opened)
        monkeypatch.setattr(module, "close_incident", closed)
        settings = Settings({name: getattr(product, name) for name in dir(product) if name.startswith("BREAKER_")})
        settings.set("LEADS_URLS", {"apollo": "https://api.apollo.io"})
        settings.set("BREAKER_REST_SECONDS", 0.05)
        self.breaker = Breaker(SimpleNamespace(settings=settings))
        self.breaker._breaker._clock = lambda: self.seconds

    async def made(self, outcome, **meta):
        """A call that is let pass, and ends so."""
        request = call(**meta)
        assert await self.breaker.process_request(request) is None
        if isinstance(outcome, Exception):
            await self.breaker.process_exception(request, outcome)
        else:
            await self.breaker.process_response(request, outcome)


@pytest.fixture
def at(monkeypatch):
    return At(monkeypatch)


def test_a_stage_is_told_at_once_and_a_page_waits(at):
    async def main():
        for failure in (answer(503), DownloadTimeoutError("slow"), answer(500), answer(502), answer(503)):
            await at.made(failure)
        with pytest.raises(CircuitOpen, match="apollo:bulk") as raised:
            await at.breaker.process_request(call())
        assert raised.value.retry_at >= at.seconds
        page = call(retry_times=1)
        at.leased.append(page)
        again = await at.breaker.process_request(page)
        assert (again.url, again.meta["retry_times"], again.dont_filter) == (page.url, 1, True)
        assert again.meta["not_before"] >= at.seconds
        with pytest.raises(CircuitOpen):
            at.breaker.look_again(call())
        at.breaker.look_again(call(**{TRIAL: "token"}))
        at.breaker.look_again(Request("https://files.example/x"))

    asyncio.run(main())
    assert at.incidents == [("opened", "apollo:bulk")]
    assert at.counted == [f"breaker/apollo:bulk/{what}" for what in ("opened", "refused", "waited")]


def test_one_call_tries_again_after_the_rest(at):
    async def main():
        for _ in range(5):
            await at.made(answer(503))
        at.seconds += 0.06
        trial = call()
        assert await at.breaker.process_request(trial) is None
        assert trial.meta[TRIAL]
        with pytest.raises(CircuitOpen):
            await at.breaker.process_request(call())
        await at.breaker.process_response(trial, answer(200))
        assert TRIAL not in trial.meta
        await at.made(answer(200))

    asyncio.run(main())
    assert at.incidents == [("opened", "apollo:bulk"), ("closed", "apollo:bulk")]


@pytest.mark.parametrize(
    "outcome",
    [answer(200), answer(404), answer(429), answer(401), IgnoreRequest(), answer(503, request=call())],
    ids=["data", "not found", "too fast", "refused", "ignored", "not asked"],
)
def test_what_is_no_failure_of_the_service_opens_nothing(at, outcome):
    async def main():
        for _ in range(12):
            await at.made(outcome)

    asyncio.run(main())
    assert at.counted == []


def test_an_answer_is_judged_by_its_api():
    hubspot = Request("https://api.hubapi.com/x", meta={"api": "hubspot", "download_slot": "hubspot:default"})
    assert is_ill(hubspot, answer(477))  # it moves the account
    assert not is_ill(hubspot, answer(423))  # it has locked the records
    assert not is_ill(hubspot, answer(400))
