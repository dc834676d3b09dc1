"""Counts every record of a response before any of them is worked on, so that none can get lost unnoticed.

The spider's output is gathered in chunks. For each chunk a receipt is opened in Postgres (how many records, their raw
form) and each record is told its place on it; the store later notes on the receipt what became of each. A chunk that
comes back after a crash finds its receipt and yields only the records that were not settled yet.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.request import fingerprint

from leadspiders.context import Context
from leadspiders.items.origin import Origin
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
        number = 0
        async for output in result:
            if isinstance(output, Request):
                if self._left != 0:
                    yield output
                continue
            if self._left == 0:
                continue
            if self._left is not None:
                self._left -= 1
            records.append(output)
            if len(records) == CHUNK or self._left == 0:
                for record in await self._open(response, number, records):
                    yield record
                number, records = number + 1, []
            if self._left == 0:
                break
        for record in await self._open(response, number, records):
            yield record

    def process_spider_output(self, response: Response, result: Iterator[Any], spider: Spider) -> Iterator[Any]:
        """Never used: every callback of ours is asynchronous. Scrapy asks for the pair."""
        raise TypeError(f"a callback of {spider.name} is not asynchronous")

    async def _open(self, response: Response, number: int, records: list[Any]) -> Iterator[Any]:
        assert response.request
        receipt = f"{fingerprint(response.request).hex()}.{number}"
        settled = await open_receipt(
            self._context.database,
            run_id=self._context.run_id,
            receipt=receipt,
            campaign=self._context.campaign.name,
            source=self._context.source,
            url=response.url,
            seen=len(records),
            raw=response.body if number == 0 else None,
        )
        self._context.count("receipts/seen", len(records))
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
