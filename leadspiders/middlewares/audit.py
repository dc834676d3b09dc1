"""Notes every request that goes out, each try of it, whatever comes of it: the last hop hands its downloads through.

A downloader middleware could not tell a request that another one answers from one that goes out.
"""

import os
import re
import socket
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from itertools import chain
from time import perf_counter
from typing import ClassVar, Protocol
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings

from leadspiders.apis.described.description import Description
from leadspiders.apis.described.kinds import IN_BRACES
from leadspiders.apis.described.known import DESCRIBED
from leadspiders.campaigns.model import Campaign
from leadspiders.context import Context
from leadspiders.guard.audit import Trail
from leadspiders.guard.keyed_hash import KeyedHash
from leadspiders.guard.redact import Redactor
from leadspiders.middlewares.to_disk import FileResponse
from leadspiders.rules.audit_chain import Chain, Entry
from leadspiders.rules.audit_url import OURS, InClear, kept_url, plain
from leadspiders.stores.postgres.audit import AuditTable
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.text import storable

KEPT_HEADERS = re.compile(rb"(?i)content-type|retry-after|.*rate-?limit.*|.*requests-left|.*-remaining")
"""Of the answer. Of the request none is kept."""
LONGEST_VALUE = 100
MOST_SUBJECTS = 2_000
"""Traits of one request: the largest batch, 500 people, has three or four each."""


class Audited(Protocol):
    """Whose requests are noted: a crawl, or a command that asks an API."""

    campaign: Campaign
    run_id: str
    settings: BaseSettings

    @property
    def database(self) -> Database:
        """Where the trail is kept."""
        ...

    @property
    def keyed_hash(self) -> KeyedHash:
        """Identities as this installation hashes them."""
        ...

    def count(self, name: str, by: int = 1) -> None:
        """Add to the stat `leads/<name>`."""
        ...


class Audit:
    """The trail of one crawl: `Audit.of(crawler)`."""

    _all: ClassVar["WeakKeyDictionary[Crawler, Audit]"] = WeakKeyDictionary()

    def __init__(self, context: Audited, spider: str) -> None:
        self._context = context
        self._spider = spider
        self._worker = f"{socket.gethostname()}:{os.getpid()}"
        self._redactor = Redactor(chain.from_iterable(context.settings.getdict("LEADS_CREDENTIALS").values()))
        urls = context.settings.getdict("LEADS_URLS")
        self._clear = {name: clear_of(described, urls[name]) for name, described in DESCRIBED.items()}
        hash_key = bytes.fromhex(context.settings["LEADS_HASH_KEY"])
        self._trail = Trail(AuditTable(context.database, Chain(hash_key)).append)

    @classmethod
    def of(cls, crawler: Crawler) -> "Audit | None":
        """The audit of a crawl; None where nothing is a crawl of ours, such as `scrapy check` and `scrapy shell`."""
        if not crawler.settings.get("LEADS_HASH_KEY"):
            return None
        if crawler not in cls._all:
            assert crawler.spider
            context = Context.of(crawler)
            cls._all[crawler] = cls(context, crawler.spider.name)
            context.at_the_end(cls._all[crawler].finish)
        return cls._all[crawler]

    async def watch(self, request: Request, download: Awaitable[Response], credential: str | None) -> Response:
        """The download, noted when it ends. `request` is the one without the credential, which is told by its id."""
        at, began = datetime.now(UTC), perf_counter()
        try:
            response = await download
        except BaseException as error:
            self._note(request, credential, at, perf_counter() - began, error=type(error).__name__)
            raise
        self._note(request, credential, at, perf_counter() - began, response=response)
        return response

    async def finish(self) -> None:
        """Write what is left."""
        if await self._trail.finish():
            self._context.count("failed/audit")

    def _note(
        self,
        request: Request,
        credential: str | None,
        at: datetime,
        seconds: float,
        *,
        response: Response | None = None,
        error: str | None = None,
    ) -> None:
        meta, api = request.meta, request.meta.get("api")
        subjects: Sequence[str] = meta.get("subjects", ())
        self._trail.note(
            Entry(
                at=at,
                run_id=self._context.run_id,
                campaign=self._context.campaign.name,
                spider=self._spider,
                worker=self._worker,
                api=api,
                purpose=meta.get("purpose") or None,
                method=request.method,
                url=storable(kept_url(self._redactor.text(request.url), self._hash, self._clear.get(api or "", OURS))),
                status=response.status if response else None,
                error=error,
                bytes=size(response) if response else 0,
                milliseconds=round(seconds * 1000),
                credential=credential,
                subjects=b"".join(self._digest(plain(one)) for one in subjects[:MOST_SUBJECTS]),
                subject_count=len(subjects),
                headers=kept_headers(response) if response else {},
            )
        )

    def _digest(self, value: str) -> bytes:
        return self._context.keyed_hash("audit", value)

    def _hash(self, value: str) -> str:
        return self._digest(value).hex()


def clear_of(description: Description, base_url: str) -> InClear:
    """Of the URLs of a described API, what its file and its address spell out: all else came from a lead."""
    asked = description.request
    fixed = [part for part in asked.path.split("/") if not IN_BRACES.search(part)]
    names = frozenset(name for name, template in asked.params.items() if not IN_BRACES.search(template))
    return InClear(names, frozenset(map(unquote, [*fixed, *urlsplit(base_url).path.split("/")])))


def size(response: Response) -> int:
    """Bytes of the body as it came over the line."""
    return response.path.stat().st_size if isinstance(response, FileResponse) else len(response.body)


def kept_headers(response: Response) -> dict[str, str]:
    """The few headers that tell of limits and of the kind of answer."""
    return {
        name.decode("latin-1").lower(): storable(b", ".join(values).decode("latin-1"))[:LONGEST_VALUE]
        for name, values in response.headers.items()
        if KEPT_HEADERS.fullmatch(name)
    }
