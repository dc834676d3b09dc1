"""How large each market is: the establishments that exist by area, industry and size class."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, cast, get_args

import us
from scrapy import Request
from scrapy.http import Response
from w3lib.url import file_uri_to_path

from leadspiders.apis import bls_api
from leadspiders.apis.bls.bulk import bulk_call, data_code, read_bulk_refusal
from leadspiders.apis.bls.rows import read_slice
from leadspiders.apis.bls.series import batches, parts, read_cells, series_of
from leadspiders.apis.bls.slices import COMBINED, By, slice_call
from leadspiders.apis.records import Refuse
from leadspiders.errors import ArgumentError, NotPublished
from leadspiders.items.left_out import LeftOut
from leadspiders.items.market_cell import MarketCell
from leadspiders.middlewares.door import reply
from leadspiders.middlewares.to_disk import FileResponse
from leadspiders.spiders.bls_files import read_bulk, read_file
from leadspiders.spiders.bls_memory import BlsMemory
from leadspiders.spiders.campaign_spider import one_of, words
from leadspiders.spiders.local_files import named

OLDEST_YEARS_BACK = 3
"""Q1 is published some six months after its end: the newest year lies one or two back."""

Read = Callable[[Refuse], Iterator[MarketCell | LeftOut]]


class Bls(BlsMemory):
    """Source
        Quarterly Census of Employment and Wages: CSV slices, bulk files (`bulk=true`), time series (`series=...`); or
        slices and bulk files downloaded before.
    Access
        Open, no key. With a free BLS_API_KEY the time series API gives twenty times as much.
    Rate limit
        None documented; one request a second on one connection is served. Time series: 25 queries a day of 25 series,
        with a key 500 of 50.
    Cost
        Free.
    Caveats
        Holds no companies. Withheld measures are None. Size classes exist for the first quarter only, for the United
        States and for state x sector, count worksites and not firms, and class 9 is open-ended. What an earlier run has
        read to the end is not asked for again; BLS revises its figures for a year: `again=true` takes the revisions.
    Arguments
        campaign, year, quarter (1-4, a), by (area, industry, size), codes, bulk (true: one zip of the year instead of a
        slice a code), series (ids, or target: those of the campaign's areas, industries and sizes), again, files,
        sample, run_id.
    Environment
        BLS_API_KEY, LEADS_BLS_URL, LEADS_BLS_API_URL.
    """

    name = "bls"
    api = "bls"
    arguments: ClassVar[tuple[str, ...]] = ("year", "quarter", "by", "codes", "bulk", "series", "again", "files")
    at_once: ClassVar[int] = 1

    def check(self, arguments: Mapping[str, str]) -> None:
        """Every call that will be made is built once, so that an impossible one is refused now."""
        source = self.campaign.sources.bls
        self.files = named(arguments.get("files"))
        self.by: By = cast("By", one_of("by", arguments.get("by"), get_args(By), source.by))
        self.asked_quarter = one_of("quarter", (arguments.get("quarter") or "").lower(), ("1", "2", "3", "4", "a"), "")
        self.quarter = self.asked_quarter or ("1" if self.by == "size" else source.quarter)
        year = arguments.get("year") or str(source.year)
        if year != "latest" and not (year.isdecimal() and len(year) == 4):
            raise ArgumentError(f"year={year}: give the four digits of a year, or latest")
        self.latest = year == "latest"
        self.year = datetime.now(UTC).year if self.latest else int(year)
        self.bulk = one_of("bulk", arguments.get("bulk"), ("true", "false"), "false") == "true"
        self.again = one_of("again", arguments.get("again"), ("true", "false"), "false") == "true"
        own_codes = source.codes if self.by == source.by else ()
        self.codes = words(arguments.get("codes")) or own_codes or self._codes_of_target()
        for code in self.codes:
            slice_call(self.year, self.quarter, self.by, code)
        self.series = (
            self._series_of_target() if arguments.get("series") == "target" else words(arguments.get("series"))
        )
        for one in self.series:
            parts(one)
        if arguments.get("series") and not self.series:
            raise ArgumentError("series=target: no series tells of this target (combined sectors have none), use by=")

    def possible(self) -> list[Request]:
        """The slices or the bulk file of this year and, for "latest", of those before it."""
        years = range(self.year, self.year - OLDEST_YEARS_BACK - 1, -1) if self.latest else [self.year]
        if self.files or self.series:
            return []
        if self.bulk:
            return [self._bulk(year) for year in years]
        return [self._slice(year, code) for year in years for code in self.codes]

    def delay_seconds(self) -> float:
        """As the campaign says."""
        return self.campaign.sources.bls.delay_seconds

    def groups(self) -> tuple[tuple[str, str], ...]:
        """The time series API is asked as gently as the files."""
        return (*super().groups(), (bls_api.API.name, "default"))

    async def start(self) -> AsyncIterator[Request]:
        """The files that were named; else time series, one bulk file, or one request a slice."""
        for request in self.file_requests():
            yield request
        if self.files:
            return
        if self.series:
            for request in self._series():
                yield request
        elif self.bulk:
            for request in self.unread([self._bulk(self.year)]):
                yield request
        else:
            for request in self.unread([self._slice(self.year, code) for code in self.codes]):
                yield request

    async def parse(self, response: Response, year: int, code: str) -> AsyncIterator[Any]:
        """The cells of one slice.

        @example
        @yields MarketCell 100 10000
        """
        answer = reply(response)
        async for output in self._cells(
            lambda refuse: read_slice(answer, drift=self.drift, refuse=refuse),
            response.url,
            year,
            lambda older: self._slice(older, code),
        ):
            yield output

    async def parse_bulk(self, response: Response, year: int) -> AsyncIterator[Any]:
        """The cells of one bulk file that were asked for; of the others, how many there were."""
        if not isinstance(response, FileResponse):
            answer = reply(response)
            async for output in self._cells(lambda _: read_bulk_refusal(answer), response.url, year, self._bulk):
                yield output
            return
        codes = {data_code(self.by, code) for code in self.codes}
        with response.opened() as path:
            async for output in self._cells(
                lambda refuse: read_bulk(path, self.drift, refuse, by=self.by, quarter=self.quarter, codes=codes),
                response.url,
                year,
                self._bulk,
            ):
                yield output

    async def parse_series(self, response: Response) -> AsyncIterator[Any]:
        """The cells that the series of one query make up."""
        answer = reply(response)
        for record in self.streamed(lambda _: self._told(bls_api.read_series(answer)), what="time series"):
            yield record

    async def parse_file(self, response: Response) -> AsyncIterator[Any]:
        """The cells of one local CSV file, or of the CSV files in a zip, line by line."""
        path = Path(file_uri_to_path(response.url))
        for record in self.streamed(lambda refuse: read_file(path, self.drift, refuse), what=path.name):
            yield record

    async def _cells(self, read: Read, what: str, year: int, ask: Callable[[int], Request]) -> AsyncIterator[Any]:
        """What is read; where "latest" is not published yet (404, or a header without rows), the year before."""
        missing = []

        def reading(refuse: Refuse) -> Iterator[MarketCell | LeftOut]:
            try:
                yield from read(refuse)
            except NotPublished:
                missing.append(year)
                raise

        for record in self.streamed(reading, what=what):
            yield record
        if missing and self.latest and year > self.year - OLDEST_YEARS_BACK:
            for request in self.unread([ask(year - 1)]):
                yield request

    def example(self) -> Request:
        """Sites of 50 to 99 employees, in a year that has been published for long."""
        return self._slice(2024, "5")

    def _slice(self, year: int, code: str) -> Request:
        call = slice_call(year, self.quarter, self.by, code)
        return self.call(call, callback=self.parse, cb_kwargs={"year": year, "code": code})

    def _bulk(self, year: int) -> Request:
        call = bulk_call(year, self.quarter, self.by, self.codes)
        return self.call(call, callback=self.parse_bulk, cb_kwargs={"year": year}, meta={"to_disk": ".zip"})

    def _series(self) -> Iterator[Request]:
        with_key = bool(self.crawler.settings.getdict("LEADS_CREDENTIALS").get(bls_api.API.name))
        first = self.year - 1 if self.latest else self.year
        for ids in batches(self.series, (bls_api.WITH_KEY if with_key else bls_api.WITHOUT_KEY)[0]):
            for call in bls_api.series_calls(ids, first, self.year, with_key=with_key):
                yield self.call(call, callback=self.parse_series)

    def _told(self, answer: bls_api.SeriesReply) -> Iterator[MarketCell]:
        for note in answer.notes:
            self.logger.info("BLS remarks: %s", note)
        asked = self.asked_quarter.upper()
        yield from (cell for cell in read_cells(answer.series) if asked in {"", cell.qtr})

    def _codes_of_target(self) -> tuple[str, ...]:
        target = self.campaign.target
        if self.by == "size":
            return tuple(self.campaign.sources.bls.size_classes)
        if self.by == "industry":
            return tuple(dict.fromkeys(COMBINED.get(code, code) for code in target.naics)) or ("10",)
        states = [us.states.lookup(code, field="abbr") for code in target.states]
        return tuple(state.fips for state in states if state and state.fips) or ("US000",)

    def _series_of_target(self) -> tuple[str, ...]:
        """Areas and industries of the target, in all sizes together and in the campaign's size classes."""
        states = [us.states.lookup(code, field="abbr") for code in self.campaign.target.states]
        areas = [f"{state.fips}000" for state in states if state and state.fips] or ["US000"]
        industries = [COMBINED.get(code, code) for code in self.campaign.target.naics] or ["10"]
        return tuple(series_of(areas, industries, ["0", *self.campaign.sources.bls.size_classes]))
