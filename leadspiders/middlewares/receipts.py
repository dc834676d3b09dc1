"""Counts every record of a response before any of them is worked on, so that none can get lost unnoticed.

The spider's output is gathered in chunks. For each chunk a receipt is opened in Postgres (how many records, their raw
form) and each record is told its place on it; the store later notes on the receipt what became of each. A chunk that
comes back after a crash finds its receipt and yields only the records that were not settled yet. What a reader left out
takes its places on the receipt like any record, settled from the start.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.utils.request import fingerprint

from leadspiders.context import Context
from leadspiders.items.left_out import LeftOut
from leadspiders.items.origin import Origin
from leadspiders.stores.postgres.pool import once_more
from leadspiders.stores.postgres.receipts import open_receipt

CHUNK = 1000


class Receipts:
    """One receipt a chunk of up to 1,000 records; a page of an API is one chunk."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._left = context.sample

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        return cls(Context.of(crawler))

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Requests pass as they are, records after their receipt was opened."""
        records: list[Any] = []
        children: list[bytes] = []
        number = 0
        async for output in self._wanted(result):
            if isinstance(output, Request):
                children.append(fingerprint(output))
                yield output
                continue
            left_out = output if isinstance(output, LeftOut) else None
            if not left_out:
                records.append(output)
            if left_out or len(records) == CHUNK or self._left == 0:
                for record in await self._open(response, number, records, left_out=left_out):
                    yield record
                number, records = number + 1, []
        # Cut off by `sample`, the response may hold more: only one that was read to its end says so on its last one.
        for record in await self._open(response, number, records, children if self._left != 0 else None):
            yield record
        if self._left == 0:
            raise CloseSpider("sample")

    async def _wanted(self, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The output up to the last record of the sample; what a reader left out is none of it."""
        async for output in result:
            if self._left == 0:  # another response brought the last one meanwhile
                return
            if self._left is not None and not isinstance(output, Request | LeftOut):
                self._left -= 1
            yield output
            if self._left == 0:
                return

    def process_spider_output(self, response: Response, result: Iterator[Any], spider: Spider) -> Iterator[Any]:
        """Never used: every callback of ours is asynchronous. Scrapy asks for the pair."""
        raise TypeError(f"a callback of {spider.name} is not asynchronous")

    async def _open(
        self,
        response: Response,
        number: int,
        records: list[Any],
        children: list[bytes] | None = None,
        left_out: LeftOut | None = None,
    ) -> Iterator[Any]:
        assert response.request
        reasons = left_out.reasons if left_out else {}
        seen = len(records) + sum(reasons.values())
        receipt = f"{fingerprint(response.request).hex()}.{number}"
        opening = partial(
            open_receipt,
            self._context.database,
            run_id=self._context.run_id,
            receipt=receipt,
            campaign=self._context.campaign.name,
            source=self._context.source,
            url=response.url,
            seen=seen,
            raw=response.body if number == 0 else None,
            children=children,
            left_out=reasons,
        )
        settled = await once_more(opening)
        self._context.count("receipts/seen", seen)
        for reason, number_left in reasons.items():
            self._context.count(f"receipts/refused/{reason}", number_left)
        now = datetime.now(UTC)
        fresh = []
        for index, record in enumerate(records):
            if index in settled:
                continue
            record.origin = Origin(
                source=self._context.source,
                url=response.url,
                fetched_at=now,
                run_id=self._context.run_id,
                receipt=receipt,
                index=index,
            )
            fresh.append(record)
        return iter(fresh)
