"""Tries again what may succeed later, three times in all, and waits as long as the service asks.

Scrapy's own retry middleware does not read `Retry-After`.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.utils.response import response_status_message

from leadspiders.apis.http import retry_after
from leadspiders.apis.registry import APIS
from leadspiders.errors import ApiError, QuotaUsedUp
from leadspiders.middlewares.door import reply
from leadspiders.middlewares.promise import CREDENTIAL

LONGEST_WAIT_SECONDS = 120.0


class Patience(RetryMiddleware):
    """Waits before it hands the request back for another try.

    A paid call (`request.meta["paid"]`) is tried again only where the service says that it did nothing: after a 5xx or
    a cut line nobody knows whether it was charged.
    """

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Another try, or the response as it is when there were three."""
        if response.status not in self.retry_http_codes or (request.meta.get("paid") and response.status != 429):
            return response
        if response.status == 429 and used_up(request, response):
            return response
        again = self._retry(request, response_status_message(response.status))
        if not again:
            return response
        if response.status != 429 or CREDENTIAL not in request.meta:  # else the shared pace makes it wait
            await asyncio.sleep(wait(response, request.meta.get("retry_times", 0)))
        return again

    def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:  # type: ignore[override]
        """Another try after a cut line or a time-out, unless it may have cost money."""
        if request.meta.get("paid") or not isinstance(exception, self.exceptions_to_retry):
            return None
        return self._retry(request, exception)


def used_up(request: Request, response: Response) -> bool:
    """Whether the API names a time, too far off to wait for: until then every further try is for nothing."""
    api = APIS.get(request.meta.get("api", ""))
    try:
        if api and api.check:
            api.check(reply(response))
    except QuotaUsedUp as error:
        return error.retry_at is not None and error.retry_at > datetime.now(UTC) + timedelta(
            seconds=LONGEST_WAIT_SECONDS
        )
    except ApiError:
        pass
    return False


def wait(response: Response, tries: int) -> float:
    """Seconds until the next try: what `Retry-After` says, else 0.5, 1, 2..."""
    header: Any = response.headers.get("Retry-After")
    asked = retry_after(header.decode("latin-1")) if header else None
    return min(asked if asked is not None else 0.5 * 2**tries, LONGEST_WAIT_SECONDS)
