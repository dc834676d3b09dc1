"""The last hop before the socket: here, and nowhere earlier, a request is given its credential.

A header that a downloader middleware sets comes back into the shared queue as soon as a retry reschedules the request,
and reaches logs and caches. A download handler works on a copy that nothing keeps.
"""

from collections.abc import Awaitable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from leadspiders.apis.http import Api
from leadspiders.apis.registry import APIS
from leadspiders.apis.signing import sign
from leadspiders.guard.keyring import Credential, Keyring
from leadspiders.guard.redact import Redactor
from leadspiders.middlewares.audit import Audit
from leadspiders.middlewares.breaker import Breaker
from leadspiders.middlewares.last_moment import LastMoment
from leadspiders.middlewares.promise import SENDING
from leadspiders.middlewares.to_disk import ToDisk


class LastHop(HTTP11DownloadHandler):
    """Puts the credential `request.meta["credential"]`, or the first of its API, into a copy of the request.

    Only if the request goes to that API's own address: a redirect elsewhere carries none.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False  # Twisted would send a GET twice unseen: by pace, audit and what it costs
        self._base_urls: dict[str, str] = crawler.settings.getdict("LEADS_URLS")
        self._keyring = Keyring.of_settings(crawler.settings)
        self._redactors: dict[str, Redactor] = {}
        self._audit = Audit.of(crawler)
        self._breaker = Breaker.of(crawler)
        self._last_moment = LastMoment.of(crawler)
        self._to_disk = ToDisk(
            Path(crawler.settings["LEADS_HOME"]) / "downloads", timeout=crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        )

    async def download_request(self, request: Request) -> Response:
        """Download, to a file if the request asks for one; what comes back tells nothing of the credential."""
        if self._breaker:
            self._breaker.look_again(request)
        credential = await self._ready(request)
        if credential is None:
            return await self._watched(request, self._download(request))
        redactor = self._redactors.setdefault(credential.id, Redactor([credential.secret]))
        try:
            asked = signed(request, APIS[credential.api], credential.secret)
            response = await self._watched(request, self._download(asked), credential.id)
        except Exception as error:
            # Scrapy's own messages name the URL, and the URL may hold the key.
            error.args = tuple(redactor.text(arg) if isinstance(arg, str) else arg for arg in error.args)
            raise
        return cleaned(response, request, redactor)

    async def close(self) -> None:
        """Close the connections, and remove files that were left."""
        await self._to_disk.close()
        await super().close()

    async def _ready(self, request: Request) -> Credential | None:
        """Have it noted that the request is being sent, and look last of all whether it still is in time."""
        noted: list[Credential | None] = []
        while True:
            if self._last_moment:
                await self._last_moment.keep(request)
            credential, sending = self._credential(request), request.meta.get(SENDING)
            if not sending or credential in noted:
                return credential
            await sending(credential and credential.id)
            noted = [credential]

    async def _download(self, request: Request) -> Response:
        if request.meta.get("to_disk"):
            return await self._to_disk.download_request(request)
        return await super().download_request(request)

    async def _watched(
        self, request: Request, download: Awaitable[Response], credential: str | None = None
    ) -> Response:
        return await (self._audit.watch(request, download, credential) if self._audit else download)

    def _credential(self, request: Request) -> Credential | None:
        ring = self._keyring.ring(request.meta.get("api", ""))
        if not ring or not belongs_to(request.url, self._base_urls[ring[0].api]):
            return None
        chosen = request.meta.get("credential")
        return next((one for one in ring if one.id == chosen), ring[0])


def belongs_to(url: str, base_url: str) -> bool:
    """Whether a URL has the scheme, host and port of the base URL, and lies below its path."""
    asked, base = urlsplit(url), urlsplit(base_url)
    below = asked.path.startswith(base.path.rstrip("/") + "/") and ".." not in unquote(asked.path).split("/")
    return (asked.scheme, asked.netloc) == (base.scheme, base.netloc) and below


def signed(request: Request, api: Api, key: str) -> Request:
    """A copy of the request with the credential where this API takes it."""
    copy = sign(api, key, url=request.url, body=request.body)
    out = request.replace(url=copy.url, body=copy.body)
    for name, value in copy.headers.items():
        out.headers[name] = value
    out.headers["Accept-Encoding"] = "identity"  # packed, an answer could echo the key unseen
    return out


def cleaned(response: Response, request: Request, redactor: Redactor) -> Response:
    """The response as one to the request that everybody knows; a key that the service echoes is blotted out."""
    for name, values in list(response.headers.items()):
        response.headers[name] = [redactor.body(value) for value in values]
    body = redactor.body(response.body)
    url = response.url if response.url == request.url else request.url
    if body is response.body and url == response.url:
        return response
    return response.replace(url=url, body=body)
