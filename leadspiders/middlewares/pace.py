"""Tells the shared pace what each reply says of the limits, and repeats a call with another credential where one is.

What a status means is the API's own matter: its `check` raises `RateLimited`, `QuotaUsedUp` or `CredentialRefused`, be
it for a 429, a 403 or a body that came with 200.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings

from leadspiders.apis.registry import APIS
from leadspiders.context import Context
from leadspiders.errors import ApiError, CredentialRefused, QuotaUsedUp, RateLimited
from leadspiders.guard.pacing import Pacer
from leadspiders.middlewares.door import reply
from leadspiders.middlewares.nothing_sent import nothing_sent
from leadspiders.middlewares.promise import CREDENTIAL, NOT_BOUGHT, SLOT, group_of, is_paid, slot_of
from leadspiders.middlewares.to_disk import FileResponse

NOT_ASKED: Final = 402
TRIES: Final = "retry_times"
"""The key in `request.meta` under which Scrapy counts them too."""
PASSING: Final = timedelta(seconds=5)
"""A quota that is back so soon is no quota that is used up."""


class Paced(Protocol):
    """Whose requests are paced: a crawl, or a command that asks an API."""

    settings: BaseSettings

    @property
    def pacer(self) -> Pacer:
        """When calls may be made."""
        ...


class Pace:
    """Sees every response of an API before anything decides to try again."""

    def __init__(self, context: Paced) -> None:
        self._context = context
        self._most_retries = context.settings.getint("RETRY_TIMES")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        return cls(Context.of(crawler))

    def process_request(self, request: Request) -> Response | None:
        """A page that costs, when no credential may buy it: answered as one that was not bought."""
        return Response(request.url, status=NOT_ASKED, request=request) if request.meta.get(NOT_BOUGHT) else None

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """The response; or the same request anew, for the next credential of the ring."""
        api = APIS.get(request.meta.get("api", ""))
        if (
            not api
            or NOT_BOUGHT in request.meta
            or CREDENTIAL not in request.meta
            or isinstance(response, FileResponse)
        ):
            return response
        pacer, told, group = self._context.pacer, reply(response), group_of(request)
        slot = slot_of(request)
        await pacer.told(api.name, slot, api.usage(told))
        try:
            if api.check:
                api.check(told)
        except RateLimited as error:
            await pacer.too_fast(api.name, group, slot, error.retry_after)
        except (CredentialRefused, QuotaUsedUp) as error:
            if passing(error, response):
                await pacer.too_fast(api.name, group, slot, None)
            elif await pacer.close(api.name, group, request.meta[CREDENTIAL], error, paid=is_paid(request)):
                return self._again(request) or response
        except ApiError:
            pass
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """A call that never left makes room for others, whether or not it is tried again."""
        slot = slot_of(request)
        if slot and nothing_sent(exception):
            request.meta[SLOT] = None
            await self._context.pacer.unsent(request.meta["api"], group_of(request), slot)

    def _again(self, request: Request) -> Request | None:
        tries = request.meta.get(TRIES, 0)
        if tries >= self._most_retries:
            return None
        return request.replace(meta=request.meta | {TRIES: tries + 1}, dont_filter=True)


def passing(error: ApiError, response: Response) -> bool:
    """Whether a quota may be back in a moment: a 429 that names no time, or has come to it, is asked again first."""
    if not isinstance(error, QuotaUsedUp) or response.status != 429:
        return False
    return error.retry_at is None or error.retry_at <= datetime.now(UTC) + PASSING
