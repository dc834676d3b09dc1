"""Registered entities: employers by name, place and industry, as the government's register has them."""

from collections.abc import AsyncIterator
from typing import ClassVar

from scrapy import Request
from scrapy.settings import BaseSettings

from leadspiders.spiders.samgov_extract import SamgovExtract
from leadspiders.spiders.samgov_monthly import SamgovMonthly
from leadspiders.spiders.samgov_pages import SamgovPages


class Samgov(SamgovPages, SamgovExtract, SamgovMonthly):
    """Source
        SAM.gov Entity Management API, page by page or as an extract built on demand; the monthly public file; or such
        files downloaded before (.dat, .zip, .csv, .json, gzip or not).
    Access
        A free key; it expires after 90 days.
    Rate limit
        10 requests a day without a role, 1,000 with one, 10,000 for a federal system; 10 entities a request in pages.
    Cost
        Free.
    Caveats
        No staff counts, e-mails or phones. Records that came from D&B may not be used for marketing and are refused. A
        question with more than 10,000 answers in pages, or 1,000,000 in an extract, is cut into smaller ones. Pages and
        extracts ask only for what changed since the last complete crawl of the same campaign; a monthly file is read
        once.
    Arguments
        campaign, mode (pages, extract, monthly), states, month (2026-11: of the monthly file), again (true: ask for
        everything, whatever was read before), files, sample, run_id.
    Environment
        SAM_GOV_API_KEY, LEADS_SAM_GOV_URL.
    """

    name = "samgov"
    at_once: ClassVar[int] = 4

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """What waits in the downloader when the quota is used up is asked in vain: little may wait there."""
        super().update_settings(settings)
        settings.set("CONCURRENT_REQUESTS", cls.at_once, priority="spider")

    async def start(self) -> AsyncIterator[Request]:
        """The files that were named, else the first questions of the mode."""
        for request in self.file_requests():
            yield request
        if self.files:
            return
        if self.mode == "monthly":
            yield self.ask_for(self.month)
        elif self.mode == "extract":
            yield self.order(self.changes())
        else:
            for request in self.first_pages(self.questions()):
                yield request
