"""SAM.gov's extract: one order for all that a question finds, polled until it is built, and streamed from disk."""

import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from scrapy import Request
from scrapy.http import Response

from leadspiders.apis.sam_gov.contract import REQUESTS_PER_DAY
from leadspiders.apis.sam_gov.extract import (
    MOST_POLLS,
    download_call,
    download_state,
    poll_delay,
    read_token,
    start_call,
    too_many,
)
from leadspiders.apis.sam_gov.question import Question
from leadspiders.campaigns.names import STATES
from leadspiders.errors import ApiError, Unavailable
from leadspiders.middlewares.door import reply
from leadspiders.middlewares.to_disk import FileResponse
from leadspiders.spiders.samgov_source import SamgovSource

MOST_ORDERS = 3


class SamgovExtract(SamgovSource):
    """The token travels in the request: a worker that takes over goes on polling and orders nothing twice."""

    def order(self, question: Question, orders: int = 1) -> Request:
        """The order of an extract."""
        return self.call(
            start_call(self.campaign.sources.samgov.extract_format, **question.filters()),
            callback=self.parse_order,
            dont_filter=orders > 1,
            cb_kwargs={"question": msgspec.to_builtins(question), "orders": orders},
        )

    async def parse_order(self, response: Response, question: dict[str, Any], orders: int) -> AsyncIterator[Request]:
        """The first poll, or orders for the parts of a question with more than a million answers."""
        asked = msgspec.convert(question, Question)
        try:
            token = read_token(reply(response))
        except ApiError as error:
            async for request in self._again(error, asked, response):
                yield request
            return
        yield self._poll(asked, orders, token, 0)

    async def parse_extract(
        self, response: Response, question: dict[str, Any], orders: int, token: str, polls: int
    ) -> AsyncIterator[Any]:
        """The entities of an extract that is built; else the next poll, or a new order for one that expired."""
        asked = msgspec.convert(question, Question)
        if isinstance(response, FileResponse):
            with response.opened() as path:
                async for record in self.taken(path, what=f"the extract of {asked}"):
                    yield record
            return
        try:
            state = download_state(reply(response))
        except ApiError as error:
            async for request in self._again(error, asked, response):
                yield request
            return
        most = min(MOST_POLLS, REQUESTS_PER_DAY[self.campaign.sources.samgov.account] // 2)
        if state == "expired" and orders < MOST_ORDERS:
            yield self.order(asked, orders + 1)
        elif state == "waiting" and polls < most:
            yield self._poll(asked, orders, token, polls)
        else:
            why = f"{state} after {polls} polls and {orders} orders: start again later"
            self.refused(Unavailable(f"SAM.gov has not built the extract, which is {why}"), str(asked))

    async def _again(self, error: ApiError, asked: Question, response: Response) -> AsyncIterator[Request]:
        parts = asked.parts(STATES, self.today) if too_many(error) else []
        if parts:
            self.stat("split")
        for part in parts:
            yield self.order(part)
        if not parts:
            async for request in self.turned_away(error, f"extract of {asked}", response):
                yield request

    def _poll(self, asked: Question, orders: int, token: str, polls: int) -> Request:
        delay = poll_delay(polls, self.campaign.sources.samgov.poll_seconds)
        return self.call(
            download_call(token),
            callback=self.parse_extract,
            dont_filter=polls > 0,
            meta={"to_disk": ".extract", "not_before": time.time() + delay},
            cb_kwargs={
                "question": msgspec.to_builtins(asked), "orders": orders, "token": token, "polls": polls + 1
            },
        )  # fmt: skip
