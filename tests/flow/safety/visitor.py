"""Visits a hostile server with the settings of the project, and tells as JSON what came of each visit.

    python visitor.py URL URL_OF_THE_HTTPS_SERVER SETTINGS

A process of its own, because a reactor runs once. What needs a store is left out; the door to the network is whole.
"""

import json
import sys
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.utils.project import get_project_settings
from twisted.python.failure import Failure

NEEDS_NO_STORE = ("scrapy.", "leadspiders.middlewares.redirects.", "leadspiders.extensions.redacted_log.")
SECRETS = {"apollo": ["apollo-first-key/+=", "apollo-second-key"], "bls_api": ["bls-key-in-the-query/+="]}

told: dict[str, dict[str, Any]] = {}


class Visitor(Spider):
    """One visit a name."""

    name = "visitor"
    files = ()

    async def start(self) -> AsyncIterator[Request]:
        """All visits."""
        url, secure = sys.argv[1:3]
        apollo, bls = {"api": "apollo", "download_maxsize": 8 * 2**20}, {"api": "bls_api"}
        for name, address, more in (
            ("signed", f"{url}/signed", {"meta": apollo}),
            ("echo", f"{url}/echo", {"meta": apollo}),
            ("query", f"{url}/echo?a=1", {"meta": bls}),
            ("query-to-disk", f"{url}/echo?disk", {"meta": bls | {"to_disk": ".zip"}}),
            ("away", f"{url}/away", {"meta": apollo}),
            ("away-with-body", f"{url}/away-with-body", {"meta": apollo, "method": "POST", "body": '{"name": "x"}'}),
            ("refresh", f"{url}/refresh", {}),
            ("large", f"{url}/large", {}),
            ("endless", f"{url}/endless", {"meta": apollo}),
            ("bomb", f"{url}/bomb", {}),
            ("self-signed", f"{secure}/plain", {}),
            ("self-signed-to-disk", f"{secure}/plain", {"meta": {"to_disk": ".zip"}}),
            ("data", "data:,hello", {}),
            ("ftp", "ftp://127.0.0.1/x", {}),
            ("s3", "s3://bucket/x", {}),
            ("file", "file:///etc/passwd", {}),
            ("cookie", f"{url}/cookie", {"priority": -1}),
            ("query-silent", f"{url}/silent", {"meta": bls, "priority": -2}),  # over a line that was used before
        ):
            yield self.visit(name, address, **more)

    def visit(self, name: str, url: str, **more: Any) -> Request:
        """A visit, whose answer or error is noted under its name."""
        meta = {"dont_retry": True} | more.pop("meta", {})
        return Request(
            url,
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"name": name},
            dont_filter=True,
            meta=meta,
            **more,
        )

    async def parse(self, response: Response, name: str) -> AsyncIterator[Request]:
        """Note it; the visit that was given a cookie comes back."""
        headers = {key.decode(): b", ".join(values).decode() for key, values in response.headers.items()}
        body = response.body[:2000].decode("utf-8", "replace")
        told[name] = {"status": response.status, "url": response.url, "body": body, "headers": headers}
        if name == "cookie":
            yield self.visit("cookie-back", response.urljoin("/cookie-back"))

    async def failed(self, failure: Failure) -> None:
        """Note the error."""
        request: Request = failure.request  # type: ignore[attr-defined]
        told[request.cb_kwargs["name"]] = {"error": failure.type.__name__, "message": failure.getErrorMessage()}


if __name__ == "__main__":
    settings = get_project_settings()
    alone = {
        "SCHEDULER": "scrapy.core.scheduler.Scheduler",
        "DUPEFILTER_CLASS": "scrapy.dupefilters.RFPDupeFilter",
        "ITEM_PIPELINES": {},
        "LEADS_URLS": dict.fromkeys(SECRETS, sys.argv[1]),
        "LEADS_CREDENTIALS": SECRETS,
        "DOWNLOAD_TIMEOUT": 5,
        "LOG_LEVEL": "DEBUG",
    }
    for name in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS"):
        alone[name] = {path: at for path, at in settings.getdict(name).items() if path.startswith(NEEDS_NO_STORE)}
    for name, value in (alone | json.loads(sys.argv[3])).items():
        settings.set(name, value, priority="cmdline")
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(Visitor)
    process.crawl(crawler)
    process.start()
    assert crawler.extensions
    told["extensions"] = {"names": [type(one).__name__ for one in crawler.extensions.middlewares]}
    print(json.dumps(told))
