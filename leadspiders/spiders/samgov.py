"""Registered entities: employers by name, place and industry, as the government's register has them."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import us
from scrapy import Request
from scrapy.http import Response
from w3lib.url import file_uri_to_path

from leadspiders.apis.records import Refuse
from leadspiders.apis.sam_gov.dat import read_dat
from leadspiders.apis.sam_gov.packed import read_extract
from leadspiders.apis.sam_gov.pages import LAST_PAGE, PAGE_SIZE, entities_call, read_entities
from leadspiders.errors import ApiError, ArgumentError
from leadspiders.items.company import Company
from leadspiders.middlewares.door import reply
from leadspiders.spiders.campaign_spider import CampaignSpider, one_of, unread, words
from leadspiders.spiders.local_files import named, texts

STATUS = {"active": {"registrationStatus": "A"}, "expired": {"registrationStatus": "E"}, "any": {}}
WINDOW = (LAST_PAGE + 1) * PAGE_SIZE


class Samgov(CampaignSpider):
    """Source
        SAM.gov Entity Management API, page by page; or its extracts downloaded before (.dat, .zip, .csv, .json).
    Access
        A free key; it expires after 90 days.
    Rate limit
        10 requests a day without a role, 1,000 with one; 10 entities a request.
    Cost
        Free.
    Caveats
        No staff counts, e-mails or phones. Records that came from D&B may not be used for marketing and are refused. No
        more than 10,000 entities of one query can be paged through.
    Arguments
        campaign, mode (pages), states, files, sample, run_id.
    Environment
        SAM_GOV_API_KEY, LEADS_SAM_GOV_URL.
    """

    name = "samgov"
    api = "sam_gov"
    arguments: ClassVar[tuple[str, ...]] = ("mode", "states", "files")

    def check(self, arguments: Mapping[str, str]) -> None:
        """States are two-letter codes; a mode other than pages reads files."""
        source, target = self.campaign.sources.samgov, self.campaign.target
        self.files = named(arguments.get("files"))
        one_of("mode", arguments.get("mode"), ("pages",), "pages")
        asked = tuple(code.upper() for code in words(arguments.get("states")))
        for code in asked:
            if not us.states.lookup(code, field="abbr"):
                raise ArgumentError(f"states={code}: use two-letter codes, as in states=OH,TX")
        everywhere = tuple(state.abbr for state in [*us.states.STATES, us.states.DC])
        self.states = asked or tuple(source.states) or tuple(target.states) or everywhere
        self.filters = STATUS[source.registration_status]

    def delay_seconds(self) -> float:
        """As the campaign says."""
        return self.campaign.sources.samgov.delay_seconds

    async def start(self) -> AsyncIterator[Request]:
        """The files that were named, else the first page of each state."""
        for request in self.file_requests():
            yield request
        if not self.files:
            for state in self.states:
                yield self._page(state, 0)

    async def parse(self, response: Response, state: str, page: int) -> AsyncIterator[Any]:
        """The entities of one page, and the request for the next.

        Pages of a state are asked one after the other, so that an entity added meanwhile does not shift the rest.
        """
        try:
            found = read_entities(reply(response))
        except ApiError as error:
            self.refused(error, f"{state}, page {page}")
            return
        if page == 0 and found.total > WINDOW:
            self.stat("out_of_reach", found.total - WINDOW)
            self.logger.error("%s has %d entities, of which pages reach %d", state, found.total, WINDOW)
        for company in found.companies:
            yield company
        for record in unread(found.broken):
            yield record
        if found.next and page < LAST_PAGE:
            yield self._page(state, page + 1)

    async def parse_file(self, response: Response) -> AsyncIterator[Any]:
        """The entities of one downloaded extract, as its lines come in."""
        path = Path(file_uri_to_path(response.url))
        for record in self.streamed(lambda refuse: read_file(path, refuse), what=path.name):
            yield record

    def _page(self, state: str, page: int) -> Request:
        call = entities_call(page, physicalAddressProvinceOrStateCode=state, **self.filters)
        return self.call(call, callback=self.parse, cb_kwargs={"state": state, "page": page})


def read_file(path: Path, refuse: Refuse) -> Iterator[Company]:
    """The companies of a monthly file (`.dat`, or the `.zip` around it) or an extract (CSV or JSON, gzip or not)."""
    if path.suffix.lower() in {".dat", ".zip"}:
        for lines in texts(path, ".dat", newline="\n"):
            yield from read_dat(lines, refuse=refuse)
    else:
        yield from read_extract(path.read_bytes(), refuse=refuse)
