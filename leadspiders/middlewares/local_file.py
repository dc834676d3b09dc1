"""Lets a file that was downloaded before pass through the frontier like any other source.

The response is empty: the callback streams the file itself, so that a gigabyte is never held in memory.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from w3lib.url import file_uri_to_path


class LocalFile:
    """Serves only the files that the spider's `files` argument named, whatever a request asks for."""

    lazy = True

    def __init__(self, named: Iterable[Path]) -> None:
        self._named = {path.resolve() for path in named}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built at the first request for a file."""
        spider: Any = crawler.spider
        return cls(spider.files)

    async def download_request(self, request: Request) -> Response:
        """An empty response for a named file."""
        if not self._serves(request.url):
            raise FileNotFoundError(f"{request.url} was not named by files=")  # at this worker of the run
        return Response(request.url)

    def _serves(self, url: str) -> bool:
        return Path(file_uri_to_path(url)).resolve() in self._named

    async def close(self) -> None:
        """Nothing is held open."""
