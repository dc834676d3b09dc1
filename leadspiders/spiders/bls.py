"""How large each market is: the establishments that exist by area, industry and size class."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, cast, get_args

import us
from scrapy import Request
from scrapy.http import Response
from w3lib.url import file_uri_to_path

from leadspiders.apis.bls.rows import read_rows, read_slice
from leadspiders.apis.bls.slices import By, slice_call
from leadspiders.apis.records import Refuse
from leadspiders.errors import ArgumentError
from leadspiders.items.market_cell import MarketCell
from leadspiders.middlewares.door import reply
from leadspiders.spiders.campaign_spider import CampaignSpider, one_of, words
from leadspiders.spiders.local_files import named, texts

OLDEST_YEARS_BACK = 3
"""Q1 is published some six months after its end: the newest year lies one or two back."""


class Bls(CampaignSpider):
    """Source
        Quarterly Census of Employment and Wages, CSV slices; or such files downloaded before.
    Access
        Open, no key.
    Rate limit
        None documented; one request a second on one connection is served.
    Cost
        Free.
    Caveats
        Holds no companies. Withheld measures are None. Size classes exist for the first quarter only, for the United
        States and for state x sector, count worksites and not firms, and class 9 is open-ended.
    Arguments
        campaign, year, quarter (1-4, a), by (area, industry, size), codes, files, sample, run_id.
    Environment
        LEADS_BLS_URL.
    """

    name = "bls"
    api = "bls"
    arguments: ClassVar[tuple[str, ...]] = ("year", "quarter", "by", "codes", "files")
    at_once: ClassVar[int] = 1

    def check(self, arguments: Mapping[str, str]) -> None:
        """Every slice that will be asked for is built once, so that an impossible one is refused now."""
        source = self.campaign.sources.bls
        self.files = named(arguments.get("files"))
        self.by: By = cast("By", one_of("by", arguments.get("by"), get_args(By), source.by))
        asked_quarter = one_of("quarter", (arguments.get("quarter") or "").lower(), ("1", "2", "3", "4", "a"), "")
        self.quarter = asked_quarter or ("1" if self.by == "size" else source.quarter)
        year = arguments.get("year") or str(source.year)
        if year != "latest" and not (year.isdecimal() and len(year) == 4):
            raise ArgumentError(f"year={year}: give the four digits of a year, or latest")
        self.latest = year == "latest"
        self.year = datetime.now(UTC).year if self.latest else int(year)
        self.codes = words(arguments.get("codes")) or source.codes or self._codes_of_target()
        for code in self.codes:
            slice_call(self.year, self.quarter, self.by, code)

    def delay_seconds(self) -> float:
        """As the campaign says."""
        return self.campaign.sources.bls.delay_seconds

    async def start(self) -> AsyncIterator[Request]:
        """The files that were named, else one request a slice."""
        for request in self.file_requests():
            yield request
        if not self.files:
            for code in self.codes:
                yield self._slice(self.year, code)

    async def parse(self, response: Response, year: int, code: str) -> AsyncIterator[Any]:
        """The cells of one slice; where "latest" is not published yet, the year before is asked."""
        if response.status == 404 and self.latest and year > self.year - OLDEST_YEARS_BACK:
            self.stat("not_published")
            yield self._slice(year - 1, code)
            return
        slice_reply = reply(response)
        for record in self.streamed(lambda refuse: read_slice(slice_reply, refuse=refuse), what=response.url):
            yield record

    async def parse_file(self, response: Response) -> AsyncIterator[Any]:
        """The cells of one local CSV file, or of the CSV files in a zip, line by line."""
        path = Path(file_uri_to_path(response.url))
        for record in self.streamed(lambda refuse: read_file(path, refuse), what=path.name):
            yield record

    def _slice(self, year: int, code: str) -> Request:
        call = slice_call(year, self.quarter, self.by, code)
        return self.call(call, callback=self.parse, cb_kwargs={"year": year, "code": code})

    def _codes_of_target(self) -> tuple[str, ...]:
        target, source = self.campaign.target, self.campaign.sources.bls
        if self.by == "size":
            return tuple(source.size_classes)
        if self.by == "industry":
            return tuple(target.naics) or ("10",)
        states = [us.states.lookup(code) for code in target.states]
        return tuple(state.fips for state in states if state and state.fips) or ("US000",)


def read_file(path: Path, refuse: Refuse) -> Iterator[MarketCell]:
    """The cells of a slice or bulk file (`.csv`), or of all those in a `.zip`."""
    for lines in texts(path, ".csv", newline=""):
        yield from read_rows(lines, refuse=refuse)
