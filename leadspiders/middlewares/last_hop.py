"""The last hop before the socket: here, and nowhere earlier, a request is given its credential.

A header that a downloader middleware sets comes back into the shared queue as soon as a retry reschedules the request,
and reaches logs and caches. A download handler works on a copy that nothing keeps.
"""

import json
from pathlib import Path
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from leadspiders.apis.http import Api, Auth
from leadspiders.apis.registry import APIS
from leadspiders.middlewares.to_disk import ToDisk


class LastHop(HTTP11DownloadHandler):
    """Puts the credential of `request.meta["api"]` into a copy, if the request goes to that API's own host."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._base_urls: dict[str, str] = crawler.settings.getdict("LEADS_URLS")
        self._credentials: dict[str, list[str]] = crawler.settings.getdict("LEADS_CREDENTIALS")
        self._to_disk = ToDisk(
            Path(crawler.settings["LEADS_HOME"]) / "downloads", timeout=crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        )

    async def download_request(self, request: Request) -> Response:
        """Download, to a file if the request asks for one; the response keeps the request without the credential."""
        if request.meta.get("to_disk"):
            return await self._to_disk.download_request(self._signed(request))
        return await super().download_request(self._signed(request))

    async def close(self) -> None:
        """Close the connections, and remove files that were left."""
        await self._to_disk.close()
        await super().close()

    def _signed(self, request: Request) -> Request:
        api = APIS.get(request.meta.get("api", ""))
        if not api or not (keys := self._credentials.get(api.name)):
            return request
        if not belongs_to(request.url, self._base_urls[api.name]):
            return request  # a redirect led elsewhere
        return signed(request, api, keys[0])


def belongs_to(url: str, base_url: str) -> bool:
    """Whether a URL has the scheme, host and port of the base URL, and lies below its path."""
    asked, base = urlsplit(url), urlsplit(base_url)
    below = asked.path.startswith(base.path.rstrip("/") + "/")
    return (asked.scheme, asked.netloc) == (base.scheme, base.netloc) and below


def signed(request: Request, api: Api, key: str) -> Request:
    """A copy of the request with the credential where this API takes it."""
    copy = request.copy()
    if api.auth is Auth.HEADER:
        copy.headers[api.auth_field] = key
    elif api.auth is Auth.BEARER:
        copy.headers["Authorization"] = f"Bearer {key}"
    elif api.auth is Auth.JSON_FIELD:
        return request.replace(body=json.dumps(json.loads(request.body) | {api.auth_field: key}).encode())
    return copy
