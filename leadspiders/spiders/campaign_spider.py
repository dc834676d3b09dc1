"""What all sources share: they crawl for a campaign, in a run, and check every argument before the first request."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar
from uuid import uuid4

from rapidfuzz import process
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from twisted.python.failure import Failure

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Limit
from leadspiders.apis.records import Broken, Refuse
from leadspiders.campaigns.loader import load
from leadspiders.campaigns.model import Campaign
from leadspiders.errors import ApiError, ArgumentError, CredentialRefused, NotPublished, QuotaUsedUp
from leadspiders.items.unread import Unread
from leadspiders.middlewares.door import request

T = TypeVar("T")

WHICH = ("campaign", "run_id")
"""Arguments that say which crawl it is, not how it crawls."""


class CampaignSpider(Spider):
    """Base of all spiders. A subclass names its own arguments in `arguments` and checks them in `check`.

    Arguments of all: `campaign` (name or file, required), `run_id` (a run to join; new by default), `sample` (stop
    after so many records), `goal` (leads after which nothing more is bought; the campaign's by default).
    """

    arguments: ClassVar[tuple[str, ...]] = ()
    """Names of the arguments beside those of all spiders."""

    api: ClassVar[str] = ""
    """The API that the spider reads; its credential is checked before the first request."""

    group: ClassVar[str] = "default"
    """The group of that API's calls that the spider makes."""

    at_once: ClassVar[int] = 8
    """Requests to the source at the same time."""

    campaign: Campaign
    run_id: str
    source: str
    drift: Drift
    """Every reader of the source is given it, so that a changed source is noticed."""
    sample: int | None
    goal: int | None
    given: dict[str, str]
    """The arguments beside campaign and run, as they were given: what a repaired run is started with again."""
    files: tuple[Path, ...] = ()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider from its arguments; raises `ArgumentError` or `CampaignError`."""
        spider = cls()
        spider._set_crawler(crawler)
        spider.configure(kwargs, crawler.settings)
        crawler.settings.set("DOWNLOAD_SLOTS", spider.slots(), priority="spider")
        return spider

    @classmethod
    def checked(cls, arguments: Mapping[str, str], settings: BaseSettings) -> Self:
        """A spider that is configured but not connected: for checking arguments before anything runs."""
        spider = cls()
        spider.configure(arguments, settings)
        return spider

    def configure(self, arguments: Mapping[str, str], settings: BaseSettings) -> None:
        """Read and check all arguments."""
        known = ("campaign", "run_id", "sample", "goal", *self.arguments)
        for name in arguments:
            if name not in known and not name.startswith("_"):  # scrapyd adds `_job`
                raise ArgumentError(f"{self.name} takes no argument {name!r}{nearest(name, known)}")
        if not arguments.get("campaign"):
            raise ArgumentError(f"{self.name} needs a campaign: add -a campaign=NAME (`scrapy campaigns` lists them)")
        directory = settings.get("LEADS_CAMPAIGNS_DIR")
        self.campaign = load(arguments["campaign"], [Path(directory)] if directory else [])
        self.run_id = arguments.get("run_id") or f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex[:6]}"
        self.sample = positive("sample", arguments.get("sample"))
        self.goal = positive("goal", arguments.get("goal")) or self.campaign.goals.leads
        self.source = self.name
        self.given = {name: text for name, text in arguments.items() if name in known and name not in WHICH}
        self.drift = Drift()
        self.base_urls: dict[str, str] = settings.getdict("LEADS_URLS")
        self.check(arguments)

    def check(self, arguments: Mapping[str, str]) -> None:
        """Read and check the arguments of this spider."""

    def delay_seconds(self) -> float:
        """Seconds between two requests to the source, from the campaign."""
        return 0.0

    def example(self) -> Request:
        """The plainest request that `parse` answers, for `scrapy check`; a spider with a `parse` says which."""
        raise ArgumentError(f"{self.name} has no example request")

    def groups(self) -> tuple[tuple[str, str], ...]:
        """The APIs that the source is read from, each with its group of calls."""
        return ((self.api, self.group),) if self.api else ()

    def allowed(self) -> tuple[Limit, ...]:
        """Limits of the source's API that the campaign knows better than its file in `apis`."""
        return ()

    def pause(self, settings: BaseSettings) -> float:
        """Seconds that all workers together keep between two requests to the source.

        A `DOWNLOAD_DELAY` given on the command line wins over the campaign's.
        """
        by_hand = settings.getpriority("DOWNLOAD_DELAY") == SETTINGS_PRIORITIES["cmdline"]
        return settings.getfloat("DOWNLOAD_DELAY") if by_hand else self.delay_seconds()

    def slots(self) -> dict[str, dict[str, float]]:
        """The downloader adds no pause of its own: a request leaves the queue when it may be made."""
        return {f"{api}:{group}": {"delay": 0.0, "concurrency": self.at_once} for api, group in self.groups()}

    def call(self, call: Call, **scheduling: Any) -> Request:
        """The request of a call to this source."""
        return request(call, self.base_urls[call.api], errback=self.failed, **scheduling)

    def file_requests(self) -> list[Request]:
        """One request a file that `files=` named, for `parse_file`."""
        return [Request(path.resolve().as_uri(), callback=self.parse_file, errback=self.failed) for path in self.files]

    async def parse_file(self, response: Response) -> AsyncIterator[Any]:
        """The records of one local file: nothing here; a spider that takes `files` says how."""
        nothing: tuple[Any, ...] = ()
        for record in nothing:
            yield record

    def streamed(self, read: Callable[[Refuse], Iterator[T]], *, what: str) -> Iterator[T | Unread]:
        """The records of a file or reply, as they come.

        What is no record is yielded as `Unread`; an error that ends the reading is logged after the last good record.
        """
        broken: list[Broken] = []
        try:
            for record in read(broken.append):
                yield from unread(broken)
                yield record
        except NotPublished as nothing:
            self.logger.info("%s: %s", what, nothing)
            self.stat("not_published")
        except ApiError as error:
            self.refused(error, what)
        yield from unread(broken)

    async def failed(self, failure: Failure) -> None:
        """A request that got no answer, after three tries: one line, and an error of the run."""
        asked: Request = failure.request  # type: ignore[attr-defined]
        self.stat("unanswered")
        self.logger.error(
            "No answer from %s (%s)", asked.url, failure.getErrorMessage() or type(failure.value).__name__
        )

    def refused(self, error: ApiError, what: str) -> None:
        """An answer that is no data: stop the source when no further request can do better, else go on without it."""
        self.stat(type(error).__name__.lower())
        self.logger.error("%s: %s", what, error)
        if isinstance(error, CredentialRefused):
            raise CloseSpider("credential-refused")
        if isinstance(error, QuotaUsedUp):
            raise CloseSpider("quota-used-up")

    def stat(self, name: str, by: int = 1) -> None:
        """Count under `leads/source/`."""
        assert self.crawler.stats
        self.crawler.stats.inc_value(f"leads/source/{name}", by)


def unread(broken: list[Broken]) -> Iterator[Unread]:
    """What could not be read so far, taken off the list."""
    while broken:
        record = broken.pop(0)
        yield Unread(reason=record.reason, raw=record.raw)


def nearest(name: str, known: tuple[str, ...]) -> str:
    """A hint at the name that was meant, and the list of what there is."""
    match = process.extractOne(name, known, score_cutoff=60)
    hint = f": did you mean {match[0]!r}?" if match else ";"
    return f"{hint} It takes {', '.join(known)}"


def positive(name: str, text: str | None) -> int | None:
    """A count of at least 1, or None when it is not given."""
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentError(f"{name}={text} is not a number from 1: give {name}=100, for example")
    return int(text)


def one_of(name: str, text: str | None, choices: tuple[str, ...], default: str) -> str:
    """One of a few words."""
    if text and text not in choices:
        raise ArgumentError(f"{name}={text} is none of {', '.join(choices)}")
    return text or default


def words(text: str | None) -> tuple[str, ...]:
    """A comma-separated list."""
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())
