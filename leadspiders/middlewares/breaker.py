"""Keeps calls from a service that is ill: a stage is told at once and goes on to the next provider, a page waits.

It stands behind the retries, each of which asks anew, and before the purchases, so that nothing is reserved for a call
that is not made.
"""

import logging
import time
from secrets import token_hex
from typing import ClassVar, Self
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import load_object

from leadspiders.apis.registry import APIS
from leadspiders.context import Context
from leadspiders.errors import ApiError, CircuitOpen, StoreError, Unavailable, Unreadable
from leadspiders.guard import breaker
from leadspiders.middlewares.door import reply
from leadspiders.middlewares.scheduler import Scheduler
from leadspiders.middlewares.to_disk import FileResponse
from leadspiders.rules.circuit import LOOK_AGAIN, Change, Pass, Rule
from leadspiders.stores.postgres.incidents import close_incident, open_incident
from leadspiders.stores.redis.breaker import Circuits

log = logging.getLogger(__name__)

TRIAL = "breaker_trial"
"""The key in `request.meta` of the one call that tries whether a service is back; a redirect takes it along."""
KIND = "provider-down"
"""Of the incident that lasts from the first opening to the call that goes well."""


class Breaker:
    """A circuit for each group of calls of an API, `apollo:bulk`, at each place that the API is asked at."""

    _all: ClassVar["WeakKeyDictionary[Crawler, Breaker]"] = WeakKeyDictionary()

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context = Context.of(crawler)
        settings = crawler.settings
        rule = Rule(
            share=settings.getfloat("BREAKER_SHARE"),
            calls=settings.getint("BREAKER_CALLS"),
            window=round(settings.getfloat("BREAKER_SECONDS") * 1000),
            in_a_row=settings.getint("BREAKER_IN_A_ROW"),
            rest=round(settings.getfloat("BREAKER_REST_SECONDS") * 1000),
            longest_rest=round(settings.getfloat("BREAKER_LONGEST_REST_SECONDS") * 1000),
            trial=round(settings.getfloat("BREAKER_TRIAL_SECONDS") * 1000),
        )
        self._breaker = breaker.Breaker(Circuits(self._context.redis, rule), rule)
        self._places: dict[str, str] = {
            api: urlsplit(url).netloc for api, url in settings.getdict("LEADS_URLS").items()
        }
        self._ill = tuple(
            load_object(error) if isinstance(error, str) else error for error in settings.getlist("RETRY_EXCEPTIONS")
        )
        self._found_well: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built with the downloader, once the spider exists."""
        breaker_of_crawl = cls._all[crawler] = cls(crawler)
        return breaker_of_crawl

    @classmethod
    def of(cls, crawler: Crawler) -> "Breaker | None":
        """The breaker of a crawl, if it has one."""
        return cls._all.get(crawler)

    async def process_request(self, request: Request) -> Request | None:
        """Let it pass; or raise `CircuitOpen`; or give a page back to wait its time, which is no try of it."""
        group = group_of(request)
        if not group:
            return None
        known = request.meta.get(TRIAL)
        token = known or token_hex(8)
        admission = await self._breaker.admit(self._name(group), token, goes_on=bool(known))
        if admission.verdict is Pass.WAIT:
            request.meta.pop(TRIAL, None)
            error = circuit_open(group, admission.wait)
            if page := self._waiting(request, group, error):
                return page
            self._context.count(f"breaker/{group}/refused")
            raise error
        if admission.verdict is Pass.TRIAL:
            request.meta[TRIAL] = token
            self._context.count(f"breaker/{group}/trial")
        return None

    async def process_response(self, request: Request, response: Response) -> Response:
        """Count how it went."""
        if group := group_of(request):
            if response.request is not None:  # an answer out of the database: the engine has not named it yet
                await self._ended(request, group)
            else:
                ill = is_ill(request, response)
                await self._ended(request, group, good=not ill, bad=ill, why=f"status {response.status}")
        return response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Count it, if it tells of the service."""
        if not (group := group_of(request)):
            return None
        if isinstance(exception, CircuitOpen):
            return self._waiting(request, group, exception)
        await self._ended(request, group, bad=isinstance(exception, self._ill), why=type(exception).__name__)
        return None

    def look_again(self, request: Request) -> None:
        """At the last hop: raise `CircuitOpen` for a call that was let pass, and whose turn comes after the others
        failed. Scrapy holds calls of a slow source back behind all middlewares."""
        group = group_of(request)
        if group and TRIAL not in request.meta and not self._breaker.passes(self._name(group)):
            raise circuit_open(group, LOOK_AGAIN)

    def _waiting(self, request: Request, group: str, error: CircuitOpen) -> Request | None:
        """A page as it waits its time, under its lease; None for the call of a stage."""
        scheduler = Scheduler.of(self._crawler)
        if not scheduler or not scheduler.queue.leases.of(request):
            return None
        self._context.count(f"breaker/{group}/waited")
        return request.replace(meta=request.meta | {"not_before": error.retry_at}, dont_filter=True)

    async def _ended(
        self, request: Request, group: str, *, good: bool = False, bad: bool = False, why: str = ""
    ) -> None:
        name, token = self._name(group), request.meta.pop(TRIAL, "")
        change = await self._breaker.ended(name, token, good=good, bad=bad)
        if change:
            self._context.count(f"breaker/{group}/{change}")
        if change is Change.OPENED:
            log.error("%s fails (%s): it is left alone for a while, by all workers", group, why)
        try:
            if change in {Change.OPENED, Change.REOPENED}:
                self._found_well.discard(group)
                await self._open_incident(group, why)
            elif change is Change.CLOSED or (good and group not in self._found_well and self._breaker.passes(name)):
                self._found_well.add(group)
                if await close_incident(self._context.database, KIND, group):
                    log.info("%s answers again", group)
        except StoreError as error:
            log.warning("The incident of %s could not be noted: %s", group, error)

    async def _open_incident(self, group: str, why: str) -> None:
        context = self._context
        await open_incident(
            context.database,
            KIND,
            group,
            campaign=context.campaign.name,
            run_id=context.run_id,
            details={"why": why, "place": self._place(group)},
        )

    def _name(self, group: str) -> str:
        return f"{group}@{self._place(group)}"

    def _place(self, group: str) -> str:
        return self._places.get(group.partition(":")[0], "")


def group_of(request: Request) -> str | None:
    """The group of calls that a request belongs to; None for one that goes to no API."""
    slot: str | None = request.meta.get("download_slot")
    return slot if request.meta.get("api") in APIS else None


def circuit_open(group: str, wait: int) -> CircuitOpen:
    """The error of a call that is not made; `wait` is in milliseconds."""
    seconds = wait / 1000
    return CircuitOpen(f"{group} fails: it is asked again in {seconds:.0f} seconds", retry_at=time.time() + seconds)


def is_ill(request: Request, response: Response) -> bool:
    """Whether the answer says that the service is ill, and not that the question is wrong or comes too often."""
    api = APIS[request.meta["api"]]
    if isinstance(response, FileResponse):
        return False
    try:
        if api.check:
            api.check(reply(response))
    except (Unavailable, Unreadable):
        return True
    except ApiError:
        return False
    return response.status >= 500
