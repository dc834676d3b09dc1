"""SAM.gov's monthly file of everybody: one request of the quota, then a large download that is streamed from disk."""

import logging
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response

from leadspiders.apis.sam_gov.monthly import month_before, monthly_call, read_link
from leadspiders.context import Context
from leadspiders.errors import ApiError, NotPublished, Unavailable
from leadspiders.middlewares.door import reply
from leadspiders.middlewares.to_disk import FileResponse
from leadspiders.spiders.samgov_source import SamgovSource

BROKEN_OFF = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
MONTHS_BACK = 1  # a month's file comes after its first Sunday


class SamgovMonthly(SamgovSource):
    """The address of a file is signed and good for an hour, so it is followed at once and never queued."""

    def ask_for(self, month: date, back: int = MONTHS_BACK) -> Request:
        """Where is the file of a month? Or of one of the `back` months before."""
        return self.call(
            monthly_call(month),
            callback=self.parse_month,
            meta={"dont_redirect": True},
            cb_kwargs={"month": month.isoformat(), "back": back},
        )

    async def parse_month(self, response: Response, month: str, back: int) -> AsyncIterator[Any]:
        """The entities of the file, unless it was read to the end before."""
        asked = date.fromisoformat(month)
        try:
            name, address = read_link(reply(response))
        except NotPublished as nothing:
            self.stat("not_published")
            self.logger.info("%s: %s", f"{asked:%Y-%m}", nothing)
            if back:
                yield self.ask_for(month_before(asked), back - 1)
            return
        except ApiError as error:
            async for request in self.turned_away(error, f"file of {asked:%Y-%m}", response):
                yield request
            return
        if name in self.known_files:
            self.stat("skipped_files")
            self.logger.info("Skipping %s, which was read to the end before (again=true: read it again)", name)
            return
        self.read_files.append(name)
        try:
            file = await self._fetch(address)
        except Unavailable as error:
            self.refused(error, name)
            return
        with file.opened() as path:
            async for record in self.taken(path, what=name):
                yield record

    async def _fetch(self, address: str) -> FileResponse:
        # Not a call of the API: the key stays here, and the address, which is a key of its own, out of the log.
        wanted = Request(address, meta={"to_disk": ".zip", "give_up_log_level": logging.DEBUG})
        try:
            answer = await Context.of(self.crawler).door.fetch(wanted)
        except BROKEN_OFF as error:
            raise Unavailable(f"the download broke off ({type(error).__name__}): start again later") from error
        if not isinstance(answer, FileResponse):
            raise Unavailable(f"the storage of the file answers {answer.status}: start again later")
        return answer
