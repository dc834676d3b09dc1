"""Lets a request that costs credits out only when the budget allows it, once, and keeps its reply before it is used.

It is the enrich stage's promise for pages that a spider buys: reserved before the call, committed after it. A page that
was bought before comes out of the database, so that a crawl which is repeated after a crash pays nothing.
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from leadspiders.apis.registry import APIS
from leadspiders.context import Context
from leadspiders.errors import ApiError, Unreachable
from leadspiders.guard.spend_gate import SpendGate
from leadspiders.middlewares.door import reply
from leadspiders.middlewares.nothing_sent import nothing_sent
from leadspiders.middlewares.promise import SENDING
from leadspiders.stores.postgres.spend import Reservation
from leadspiders.stores.postgres.usage_readings import PAGE

NOT_BOUGHT = 402
RESERVATION = "reservation"
"""The key in `request.meta` of the money that a request goes out on: another request may want the same page."""


class Purchases:
    """For requests with `meta["credits"]`. One that may not be bought is answered with 402 and `meta["not_bought"]`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._reserved: dict[str, Reservation] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        return cls(Context.of(crawler))

    @property
    def _gate(self) -> SpendGate:
        return self._context.gate

    async def process_request(self, request: Request) -> Response | None:
        """The reply that was bought before, a refusal, or nothing: then the request goes out on a reservation."""
        if "credits" not in request.meta:
            return None
        provider, fact = request.meta["api"], self._fact(request)
        entry = await self._gate.enter(self._gate.sale(provider, PAGE, request.meta["credits"]), [fact])
        if entry.reservation:
            token = str(entry.reservation.id)
            self._reserved[token] = entry.reservation
            request.meta.update({RESERVATION: token, SENDING: self._gate.sending(entry.reservation)})
            return None
        if kept := entry.kept.get(fact):
            self._context.count(f"purchases/{provider}/known")
            return TextResponse(request.url, body=kept.reply or b"", encoding="utf-8", request=request)
        request.meta["not_bought"] = entry.refused[fact]
        return Response(request.url, status=NOT_BOUGHT, request=request)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Settle what came, give back what was refused; what cannot be read may have been charged."""
        reservation = self._taken(request)
        if reservation is None:
            return response
        provider = reservation.sale.provider
        api, got = APIS[provider], reply(response)
        try:
            if api.check:
                api.check(got)
            got.data()
        except ApiError as error:
            await self._gate.ended(reservation, error)
        else:
            charged = float(reservation.sale.credits_each)  # no page says what it cost
            await self._gate.settle(reservation, dict.fromkeys(reservation.facts, response.body), credits=charged)
            self._context.count(f"purchases/{provider}/bought")
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """No answer: it may have been charged, unless nothing was sent."""
        if reservation := self._taken(request):
            unsent = nothing_sent(exception)
            await self._gate.ended(reservation, Unreachable(str(exception)) if unsent else exception)

    def _taken(self, request: Request) -> Reservation | None:
        """What the request went out on; one that was answered here went out on nothing."""
        request.meta.pop(SENDING, None)
        return self._reserved.pop(request.meta.pop(RESERVATION, ""), None)

    def _fact(self, request: Request) -> str:
        """The question by itself, wherever the service is and however often it was tried."""
        base_url = self._context.settings.getdict("LEADS_URLS").get(request.meta["api"], "")
        path = request.url.removeprefix(base_url.rstrip("/"))
        question = f"{request.meta['purpose']}\n{request.method} {path}\n{request.body.decode()}"
        return self._context.keyed_hash("fact", question).hex()
