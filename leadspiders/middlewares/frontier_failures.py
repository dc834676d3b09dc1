"""Notes why a leased request got no answer, once nothing on the way will try it again."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from leadspiders.middlewares.scheduler import Scheduler


class FrontierFailures:
    """Stands nearest to the engine, and so sees only what no other middleware has mended."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The engine does not exist yet."""
        return cls(crawler)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """A request that some part refused is done with; any other failed."""
        scheduler = Scheduler.of(self._crawler)
        if scheduler and isinstance(exception, IgnoreRequest):
            scheduler.answered(request)
        elif scheduler:
            scheduler.failed(request, f"no answer: {type(exception).__name__}", final=True)
