"""SAM.gov page by page: ten entities a request, and a question that no 10,000 answer is cut until it is read whole."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec
from scrapy import Request
from scrapy.http import Response

from leadspiders.apis.sam_gov.contract import REQUESTS_PER_DAY
from leadspiders.apis.sam_gov.pages import LAST_PAGE, PAGE_SIZE, WINDOW, entities_call, read_entities
from leadspiders.apis.sam_gov.question import Question, in_order
from leadspiders.campaigns.names import STATES
from leadspiders.errors import ApiError
from leadspiders.middlewares.door import reply
from leadspiders.spiders.campaign_spider import unread
from leadspiders.spiders.samgov_source import SamgovSource


class SamgovPages(SamgovSource):
    """Asks the best markets first, where they are known."""

    pages_expected = 0

    def questions(self) -> list[Question]:
        """What to ask, the most important first: all that the campaign wants, or what changed of it since."""
        return in_order(self.changes(), self.ranked)

    def first_pages(self, questions: list[Question], priority: int = 0) -> Iterator[Request]:
        """The first page of each question; those that come first are asked first."""
        for place, question in enumerate(questions):
            yield self._page(question, 0, 0, priority + len(questions) - 1 - place)

    def example(self) -> Request:
        """The first page of the first question."""
        return next(self.first_pages(self.questions()))

    async def parse(self, response: Response, question: dict[str, Any], page: int, last: int) -> AsyncIterator[Any]:
        """The entities of one page; after the first, requests for the others, or for the parts of a large question.

        @example
        @yields Company 1 10
        """
        asked = msgspec.convert(question, Question)
        priority = response.request.priority if response.request else 0
        try:
            found = read_entities(reply(response), self.drift)
        except ApiError as error:
            async for request in self.turned_away(error, f"{asked}, page {page}", response):
                yield request
            return
        if page == 0:
            if found.total > WINDOW and (parts := asked.parts(STATES, self.today)):
                self.stat("split")
                for request in self.first_pages(parts, priority):
                    yield request
                return
            last = self._last_page(asked, found.total)
            for later in range(1, last + 1):
                yield self._page(asked, later, last, priority)
        elif page == last and found.next and page < LAST_PAGE:  # there are more than when the first page was read
            yield self._page(asked, page + 1, page + 1, priority)
        for company in found.companies:
            yield company
        for record in unread(found.broken):
            yield record

    def _last_page(self, asked: Question, total: int) -> int:
        if total > WINDOW:
            self.gaps += 1
            self.stat("out_of_reach", total - WINDOW)
            self.logger.error("%s: %d entities, of which pages reach %d; use mode=extract", asked, total, WINDOW)
        pages = min(-(-total // PAGE_SIZE), LAST_PAGE + 1)
        before, self.pages_expected = self.pages_expected, self.pages_expected + max(pages, 1)
        a_day = REQUESTS_PER_DAY[self.campaign.sources.samgov.account]
        if before <= a_day < self.pages_expected:
            self.logger.warning(
                "More pages than the %d requests a day of this account: when they are used up, go on with -a run_id=%s,"
                " or use mode=extract or mode=monthly",
                a_day,
                self.run_id,
            )
        return pages - 1

    def _page(self, question: Question, page: int, last: int, priority: int) -> Request:
        return self.call(
            entities_call(page, **question.filters()),
            callback=self.parse,
            priority=priority,
            cb_kwargs={"question": msgspec.to_builtins(question), "page": page, "last": last},
        )
