"""People by the campaign's profile. The search is free and masked; unmasking them costs money, in the enrich stage."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec
from scrapy import Request
from scrapy.http import Response

from leadspiders.apis.apollo.people import MOST_PEOPLE, Target, read_people, search_people_call
from leadspiders.apis.apollo.split import split
from leadspiders.errors import ApiError
from leadspiders.middlewares.door import reply
from leadspiders.spiders.campaign_spider import CampaignSpider, unread


class Apollo(CampaignSpider):
    """Source
        Apollo.io people search.
    Access
        A master API key.
    Rate limit
        By plan: 200 a minute on paid plans, 50 on the free one.
    Cost
        The search is free; the match of a person costs a credit, in the enrich stage, within the campaign's budget.
    Caveats
        Results are masked: no last name, e-mail, place or LinkedIn URL before the match. 50,000 people a query; larger
        ones are split by place, title, staff range and seniority.
    Arguments
        campaign, goal (ready leads after which nothing more is bought), sample, run_id.
    Environment
        APOLLO_API_KEY, LEADS_APOLLO_URL.
    """

    name = "apollo"
    api = "apollo"
    group = "search"

    def check(self, arguments: Mapping[str, str]) -> None:
        """Everything comes from the campaign."""
        target, source = self.campaign.target, self.campaign.sources.apollo
        self.target = Target(
            titles=tuple(target.titles),
            similar_titles=target.similar_titles,
            seniorities=tuple(target.seniorities),
            locations=tuple(source.locations) or tuple(target.countries),
            employees=((target.employees.min, target.employees.max),) if target.employees else (),
            email_status=tuple(source.email_status),
        )

    def delay_seconds(self) -> float:
        """As the campaign says."""
        return self.campaign.sources.apollo.delay_seconds

    async def start(self) -> AsyncIterator[Request]:
        """The first page tells how many people there are."""
        yield self._page(self.target, 1)

    async def parse(self, response: Response, target: dict[str, Any], page: int) -> AsyncIterator[Any]:
        """The people of one page; after the first, requests for the others, or for the parts of a query too large."""
        asked = msgspec.convert(target, Target)
        try:
            found = read_people(reply(response))
        except ApiError as error:
            self.refused(error, f"people search, page {page}")
            return
        if page == 1:
            for request in self._rest(asked, found.total):
                yield request
        for contact in found.contacts:
            yield contact
        for record in unread(found.broken):
            yield record

    def _rest(self, target: Target, total: int) -> list[Request]:
        if total > MOST_PEOPLE and (parts := split(target)):
            return [self._page(part, 1) for part in parts]
        per_page = self.campaign.sources.apollo.per_page
        return [self._page(target, page) for page in range(2, min(-(-total // per_page), 500) + 1)]

    def _page(self, target: Target, page: int) -> Request:
        call = search_people_call(target, page, self.campaign.sources.apollo.per_page)
        return self.call(call, callback=self.parse, cb_kwargs={"target": msgspec.to_builtins(target), "page": page})
