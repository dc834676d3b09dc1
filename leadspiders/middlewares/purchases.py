"""Lets a request that costs credits out only when the budget allows it, once, and keeps its reply before it is used.

It is the enrich stage's promise for pages that a spider buys: reserved before the call, committed after it. A page that
was bought before comes out of the database, so that a crawl which is repeated after a crash pays nothing.
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from leadspiders.apis.registry import APIS
from leadspiders.campaigns.names import Provider
from leadspiders.context import Context
from leadspiders.errors import ApiError
from leadspiders.middlewares.door import reply
from leadspiders.providers.purchase import NOT_CHARGED
from leadspiders.stores.postgres import spend

NOT_BOUGHT = 402


class Purchases:
    """For requests with `meta["credits"]`. One that may not be bought is answered with 402 and `meta["not_bought"]`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._reserved: dict[str, spend.Reservation] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        return cls(Context.of(crawler))

    async def process_request(self, request: Request) -> Response | None:
        """The reply that was bought before, a refusal, or nothing: then the request goes out on a reservation."""
        if "credits" not in request.meta:
            return None
        provider, fact = request.meta["api"], self._fact(request)
        known = (await spend.bought(self._context.database, provider, [fact])).get(fact)
        if known is not None:
            self._context.count(f"purchases/{provider}/known")
            return TextResponse(request.url, body=known, encoding="utf-8", request=request)
        reservation = await self._reserve(request, provider, fact)
        if isinstance(reservation, spend.Refused):
            request.meta["not_bought"] = reservation.reason
            return Response(request.url, status=NOT_BOUGHT, request=request)
        self._reserved[fact] = reservation
        return None

    async def process_response(self, request: Request, response: Response) -> Response:
        """Settle what came, give back what was refused; what cannot be read may have been charged."""
        reservation = self._taken(request)
        if reservation is None:
            return response
        api, database = APIS[reservation.provider], self._context.database
        got = reply(response)
        try:
            if api.check:
                api.check(got)
            got.data()
        except NOT_CHARGED:
            await spend.void(database, reservation)
        except ApiError:
            await spend.unknown(database, reservation)
        else:
            bought = dict.fromkeys(reservation.facts, response.body)
            await spend.settle(database, reservation, bought, credits=reservation.credits_each)
            self._context.count(f"purchases/{reservation.provider}/bought")
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """No answer: it may have been charged."""
        if reservation := self._taken(request):
            await spend.unknown(self._context.database, reservation)

    def _taken(self, request: Request) -> spend.Reservation | None:
        return self._reserved.pop(self._fact(request), None) if "credits" in request.meta else None

    def _fact(self, request: Request) -> str:
        """The question by itself, wherever the service is and however often it was tried."""
        question = f"{request.meta['purpose']}\n{request.body.decode()}"
        return self._context.keyed_hash("fact", question).hex()

    async def _reserve(self, request: Request, provider: Provider, fact: str) -> spend.Reservation | spend.Refused:
        budget = self._context.campaign.budget
        return await spend.reserve(
            self._context.database,
            campaign=self._context.campaign.name,
            run_id=self._context.run_id,
            provider=provider,
            facts=[fact],
            credits_each=request.meta["credits"],
            usd_each=request.meta["credits"] * budget.usd_per_credit[provider],
            caps=spend.Caps(
                campaign_usd=budget.cap_usd,
                run_usd=budget.per_run_usd,
                day_usd=budget.per_day_usd,
                call_usd=budget.per_call_usd,
                credits=budget.credits.get(provider),
            ),
        )
