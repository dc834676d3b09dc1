"""People by the campaign's profile. The search is free and masked; unmasking them costs money, in the enrich stage."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import msgspec
from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response

from leadspiders.apis.apollo.organizations import read_organization_page
from leadspiders.apis.apollo.people import LAST_PAGE, MOST_DOMAINS, Target, read_people, search_people_call
from leadspiders.apis.apollo.split import STATES, split
from leadspiders.apis.http import Call
from leadspiders.context import Context
from leadspiders.errors import ApiError, QuotaUsedUp, RequestRefused, Unavailable, Unreadable
from leadspiders.items.contact import Contact
from leadspiders.middlewares.door import reply
from leadspiders.rules.company_names import clean
from leadspiders.spiders.apollo_companies import Question, next_page, sized, stated
from leadspiders.spiders.campaign_spider import CampaignSpider, unread
from leadspiders.spiders.park_request import park_request
from leadspiders.stores.postgres.employers import domains, names_of
from leadspiders.stores.postgres.markets import market_plan

FOR_COMPANIES, FOR_EMPLOYERS = 300, 200
"""Priorities: first what tells the staff of employers, then people at employers we know, then the profile."""


class Apollo(CampaignSpider):
    """Source
        Apollo.io people search, by the campaign's profile and at the employers that are stored; company search.
    Access
        A master API key.
    Rate limit
        By plan: 200 a minute on paid plans, 50 on the free one.
    Cost
        The people search is free; the match of a person costs a credit, in the enrich stage, within the campaign's
        budget. A page of companies costs a credit as well: none is bought unless the campaign's `companies` says so.
    Caveats
        Results are masked: no last name, e-mail, place or LinkedIn URL before the match. A query shows 500 pages; a
        larger one is split as the campaign says, by default by state, then staff range, then seniority. Whom Apollo
        files without a state (staff, seniority) is in no part: `leads/source/in_no_part` counts them, and only those on
        the first page of the whole are read. Apollo has no filter for what changed: every crawl reads all pages again,
        merges whom it knows and buys nobody twice. Employers that another source stores meanwhile are asked about in
        the next crawl.
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
        self.places = tuple(STATES[code] for code in target.states if code in STATES) or tuple(target.countries)
        self.target = Target(
            titles=tuple(target.titles),
            similar_titles=target.similar_titles,
            seniorities=tuple(target.seniorities),
            locations=tuple(source.locations) or self.places,
            employees=((target.employees.min, target.employees.max),) if target.employees else (),
            email_status=tuple(source.email_status),
        )
        self.company_pages = source.company_pages
        self.reach = source.per_page * LAST_PAGE

    def delay_seconds(self) -> float:
        """As the campaign says."""
        return self.campaign.sources.apollo.delay_seconds

    async def start(self) -> AsyncIterator[Request]:
        """The first page of each question tells how much there is."""
        async for request in self._companies():
            yield request
        if self.campaign.lead == "company":
            async for request in self._employers():
                yield request
        yield self._page(self.target, 1)

    async def parse(
        self, response: Response, target: dict[str, Any], page: int, part: bool = False
    ) -> AsyncIterator[Any]:
        """The people of one page; after the first, requests for the others, or for the parts of a query too large.

        @example
        @yields Contact 1 100
        """
        asked = msgspec.convert(target, Target)
        try:
            found = read_people(reply(response), self.drift)
        except ApiError as error:
            for request in await self._answerless(response, error, f"people search, page {page}"):
                yield request
            return
        if page == 1:
            if part:
                self.stat("in_no_part", -found.total)
            for request in await self._rest(asked, found.total, response.request.priority if response.request else 0):
                yield request
        if asked.domains:
            await self._placed(found.contacts, asked.domains)
        for contact in found.contacts:
            yield contact
        for record in unread(found.broken):
            yield record

    async def parse_companies(self, response: Response, question: dict[str, Any], page: int) -> AsyncIterator[Any]:
        """The companies of a page that was bought, the team's saved ones among them; then the next page."""
        if reason := response.meta.get("not_bought"):
            self.stat(f"not_bought/{reason}")
            return
        try:
            found = read_organization_page(reply(response), self.drift)
        except ApiError as error:
            for request in await self._answerless(response, error, f"company search, page {page}"):
                yield request
            return
        asked = msgspec.convert(question, Question)
        if (call := next_page(asked, page, found.total)) and self.company_pages:
            yield self._bought(call, asked, page + 1)
        for company in found.companies:
            yield sized(company, asked)
        for record in unread(found.broken):
            yield record

    async def _answerless(self, response: Response, error: ApiError, what: str) -> list[Request]:
        """A reply that is no data: asked again, parked, the end of the buying or the end of the crawl."""
        assert response.request
        paid = "credits" in response.request.meta
        if paid and isinstance(error, QuotaUsedUp):  # the free search goes on
            self.stat("quotausedup")
            self.logger.error("%s. No more companies are bought in this crawl.", error)
            self.company_pages = 0
            return []
        if not paid and isinstance(error, Unreadable | Unavailable):
            again = get_retry_request(response.request, spider=self, reason=type(error).__name__)
            if again:
                return [again]
        self.refused(error, what)
        if isinstance(error, RequestRefused | Unreadable | Unavailable):
            await park_request(Context.of(self.crawler), response, error)
        return []

    async def _rest(self, target: Target, total: int, priority: int) -> list[Request]:
        source = self.campaign.sources.apollo
        if total > self.reach:
            if parts := split(target, source.split_by):
                self.stat("in_no_part", total)
                if parts[0].locations != target.locations:
                    first = await self._first_places()
                    parts.sort(key=lambda part: first.get(part.locations, len(first)))
                ranks = count(priority + len(parts), -1)
                return [self._page(part, 1, rank, part=True) for part, rank in zip(parts, ranks, strict=False)]
            self.stat("out_of_reach", total - self.reach)
            self.logger.error("%d people fit a query that nothing splits further: pages reach %d", total, self.reach)
        last = min(-(-total // source.per_page), LAST_PAGE)
        return [self._page(target, page, priority) for page in range(2, last + 1)]

    async def _first_places(self) -> dict[tuple[str, ...], int]:
        """The rank of each state by its establishments in the campaign's market; empty without market cells."""
        size: Counter[str] = Counter()
        for cell in await market_plan(Context.of(self.crawler).database, self.campaign):
            size[cell.state] += cell.establishments or 0
        return {(STATES[state],): rank for rank, (state, _) in enumerate(size.most_common()) if state in STATES}

    async def _employers(self) -> AsyncIterator[Request]:
        """Decision makers at stored employers that have too few: where they live is not asked, only the country."""
        wanted = self.campaign.target.contacts_per_company
        database = Context.of(self.crawler).database
        base = replace(self.target, locations=tuple(self.campaign.target.countries), employees=())
        async for group in domains(
            database, self.campaign.name, at_once=MOST_DOMAINS, fewer_people_than=wanted.min if wanted else 1
        ):
            yield self._page(replace(base, domains=group), 1, FOR_EMPLOYERS)

    async def _companies(self) -> AsyncIterator[Request]:
        """Pages of companies to buy, as far as the campaign allows it."""
        for kind in self.campaign.sources.apollo.companies:
            if kind == "profile":
                groups = _one(())
            else:
                database = Context.of(self.crawler).database
                groups = domains(database, self.campaign.name, at_once=MOST_DOMAINS, not_from=self.source)
            async for group in groups:
                if not self.company_pages:
                    return
                question = stated(self.campaign.target, self.places, group)
                if call := next_page(question, 0, None):
                    yield self._bought(call, question, 1)

    async def _placed(self, contacts: list[Contact], asked: tuple[str, ...]) -> None:
        """Tell the employer's domain where its name is that of just one of the employers that were asked about."""
        by_name: dict[str, set[str]] = {}
        for domain, name in await names_of(Context.of(self.crawler).database, asked):
            if plain := clean(name):
                by_name.setdefault(plain, set()).add(domain)
        for contact in contacts:
            found = by_name.get(clean(contact.company.name) or "", set())
            if len(found) == 1:
                contact.company.domain = next(iter(found))

    def example(self) -> Request:
        """The first people of the campaign's target."""
        return self._page(self.target, 1)

    def _page(self, target: Target, page: int, priority: int = 0, *, part: bool = False) -> Request:
        call = search_people_call(target, page, self.campaign.sources.apollo.per_page)
        told = {"target": msgspec.to_builtins(target), "page": page, "part": part}
        return self.call(call, callback=self.parse, cb_kwargs=told, priority=priority)

    def _bought(self, call: Call, question: Question, page: int) -> Request:
        self.company_pages -= 1
        return self.call(
            call,
            callback=self.parse_companies,
            cb_kwargs={"question": msgspec.to_builtins(question), "page": page},
            priority=FOR_COMPANIES,
            meta={"credits": call.credits, "paid": True, "dont_redirect": True},
        )


async def _one(group: tuple[str, ...]) -> AsyncIterator[tuple[str, ...]]:
    yield group
