"""What the ways into SAM.gov share: whom the campaign wants, how files are read, what becomes of a refusal."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Literal

import us
from scrapy import Request
from scrapy.http import Response

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Limit
from leadspiders.apis.records import Refuse
from leadspiders.apis.sam_gov.contract import REQUESTS_PER_DAY
from leadspiders.apis.sam_gov.dat import read_dat
from leadspiders.apis.sam_gov.packed import read_extract
from leadspiders.apis.sam_gov.question import Question
from leadspiders.apis.sam_gov.sieve import Sieve, prefixes
from leadspiders.errors import ApiError, ArgumentError, CredentialRefused, QuotaUsedUp
from leadspiders.items.company import Company
from leadspiders.items.left_out import LeftOut
from leadspiders.items.unread import Unread
from leadspiders.spiders.campaign_spider import one_of, words
from leadspiders.spiders.local_files import named, texts
from leadspiders.spiders.samgov_memory import SamgovMemory

CODES: Mapping[str, Literal["A", "E", ""]] = {"active": "A", "expired": "E", "any": ""}

# The register's days are those of Washington: the last day that was read is asked for again, and the one before.
MARGIN = timedelta(days=1)


class SamgovSource(SamgovMemory):
    """Turns campaign and arguments into a question to the API and a sieve for files that hold everybody."""

    api = "sam_gov"
    arguments: ClassVar[tuple[str, ...]] = ("mode", "states", "month", "again", "files")

    question: Question
    sieve: Sieve
    month: date

    def check(self, arguments: Mapping[str, str]) -> None:
        """States are two-letter codes, a month is written 2026-11."""
        source, target = self.campaign.sources.samgov, self.campaign.target
        self.files = named(arguments.get("files"))
        self.mode = one_of("mode", arguments.get("mode"), ("pages", "extract", "monthly"), source.mode)
        self.again = one_of("again", arguments.get("again"), ("true", "false"), "false") == "true"
        self.today = datetime.now(UTC).date()
        self.month = month_of(arguments.get("month"), self.today)
        asked = tuple(code.upper() for code in words(arguments.get("states")))
        for code in asked:
            if not us.states.lookup(code, field="abbr"):
                raise ArgumentError(f"states={code}: use two-letter codes, as in states=OH,TX")
        states = asked or tuple(source.states) or tuple(target.states)
        self.question = Question(
            states=states,
            country="USA" if target.countries == ("United States",) and not states else "",
            status=CODES[source.registration_status],
            naics=prefixes(target.naics),
        )
        self.sieve = Sieve(
            status=self.question.status,
            states=frozenset(states),
            countries=frozenset(target.countries),
            naics=self.question.naics,
            unknown_use=source.marketing_use_unknown,
        )
        looked_for = {
            "register": self.base_urls[self.api],  # what a sandbox was asked says nothing of the real one
            "campaign": self.campaign.name,
            "states": sorted(states),
            "countries": sorted(target.countries),
            "naics": self.question.naics,
            "status": self.question.status,
            "unknown_use": source.marketing_use_unknown,
        }
        self.asked = json.dumps(looked_for)

    def changes(self) -> Question:
        """All that the campaign wants, or what changed of it since the last complete crawl."""
        if not self.since:
            return self.question
        return replace(self.question, updated=(self.since - MARGIN, self.today + MARGIN))

    def allowed(self) -> tuple[Limit, ...]:
        """By kind of account."""
        calls = REQUESTS_PER_DAY[self.campaign.sources.samgov.account]
        return (Limit(group=self.group, calls=calls, seconds=86_400),)

    def delay_seconds(self) -> float:
        """As the campaign says."""
        return self.campaign.sources.samgov.delay_seconds

    async def parse_file(self, response: Response) -> AsyncIterator[Company | Unread | LeftOut]:
        """The entities of one downloaded extract, as its lines come in."""
        path = next(path for path in self.files if path.resolve().as_uri() == response.url)
        async for record in self.taken(path, what=path.name):
            yield record

    async def taken(self, path: Path, *, what: str) -> AsyncIterator[Company | Unread | LeftOut]:
        """What the sieve takes of a file, and bundles of what it leaves out; others get a turn between bundles."""
        for record in self.streamed(lambda refuse: read_file(path, self.sieve, self.drift, refuse), what=what):
            yield record
            if isinstance(record, LeftOut):
                await asyncio.sleep(0)

    async def turned_away(self, error: ApiError, what: str, response: Response) -> AsyncIterator[Request]:
        """An answer that is no data. Where the whole source is closed, the question goes back into the queue first.

        A later worker of the run asks it again then.
        """
        if isinstance(error, QuotaUsedUp | CredentialRefused) and response.request:
            yield response.request.replace(dont_filter=True)
        self.refused(error, what)


def read_file(path: Path, sieve: Sieve | None, drift: Drift, refuse: Refuse) -> Iterator[Company | LeftOut]:
    """The companies of a monthly file (`.dat`, or the `.zip` around it) or an extract (CSV or JSON, gzip or not)."""
    if path.suffix.lower() in {".dat", ".zip"}:
        for lines in texts(path, ".dat", newline="\n"):
            yield from read_dat(lines, sieve=sieve, refuse=refuse)
    else:
        with path.open("rb") as body:
            yield from read_extract(body, sieve=sieve, drift=drift, refuse=refuse)


def month_of(text: str | None, today: date) -> date:
    """The first day of a month written `2026-11`; this month by default."""
    if not text:
        return today.replace(day=1)
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        raise ArgumentError(f"month={text}: write year and month, as in month={today:%Y-%m}") from None
