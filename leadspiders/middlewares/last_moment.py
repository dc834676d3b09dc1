"""Just before the socket: a request whose moment has gone by on the way through Scrapy waits for another one.

A page that is being read, or a slot of the downloader that is full, holds a request up. Sent late, it would be one too
many in the window that was promised to the others.
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.guard.pacing import Pacer
from leadspiders.middlewares.promise import begin, group_of, is_paid, slot_of


class LastMoment:
    """One a crawl."""

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer

    @classmethod
    def of(cls, crawler: Crawler) -> Self | None:
        """None where nothing is a crawl of ours, such as `scrapy shell`."""
        return cls(Context.of(crawler).pacer) if crawler.settings.get("LEADS_HASH_KEY") else None

    async def keep(self, request: Request) -> None:
        """Return at once when the request is in time; else note another promise on it, and wait for that. Raises as
        `Pacer.turn`: nothing was sent then."""
        slot, api = slot_of(request), request.meta.get("api", "")
        if slot and self._pacer.late(api, slot):
            begin(request, await self._pacer.renewed(api, group_of(request), slot, paid=is_paid(request)))
