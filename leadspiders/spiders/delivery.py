"""Sends what waits in the outbox: leads that no courier took during their crawl, and those that failed before."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar

from leadspiders.context import Context
from leadspiders.errors import ArgumentError
from leadspiders.pipelines.courier import couriers
from leadspiders.spiders.campaign_spider import CampaignSpider


class Delivery(CampaignSpider):
    """Source
        The outbox of the campaign, in Postgres.
    Access
        Each destination by its own credential; a destination without one keeps its leads in the outbox.
    Rate limit
        Each destination's own.
    Cost
        None here; some CRMs bill by contact.
    Caveats
        A lead that failed three times is given up and shown by `scrapy status`.
    Arguments
        campaign, destination (one destination only), run_id.
    Environment
        HUBSPOT_TOKEN, LEADS_HUBSPOT_URL.
    """

    name = "delivery"
    arguments: ClassVar[tuple[str, ...]] = ("destination",)
    destination: str | None = None

    def check(self, arguments: Mapping[str, str]) -> None:
        """`destination` is one that the campaign has switched on."""
        self.destination = arguments.get("destination")
        switched_on = [name for name, table in self.campaign.delivery.destinations.items() if table.enabled]
        if self.destination and self.destination not in switched_on:
            raise ArgumentError(
                f"destination={self.destination} is not switched on in {self.campaign.name}: it delivers to"
                f" {', '.join(switched_on) or 'nobody'}"
            )

    async def start(self) -> AsyncIterator[Any]:
        """Deliver all that is due; there is nothing to crawl."""
        for courier in couriers(Context.of(self.crawler), only=self.destination).values():
            await courier.finish()
        nothing: tuple[Any, ...] = ()
        for request in nothing:
            yield request
