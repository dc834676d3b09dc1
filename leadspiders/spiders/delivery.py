"""Sends what waits in the outbox: leads that no courier took during their crawl, and those that failed before."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar

from leadspiders.context import Context
from leadspiders.errors import ArgumentError
from leadspiders.pipelines.couriers import Couriers
from leadspiders.spiders.campaign_spider import CampaignSpider, one_of
from leadspiders.stores.postgres import outbox


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
        A lead that failed three times is given up and shown by `scrapy status`; `retry_dead=true` lets it wait again,
        once the cause is mended. A destination that is ill is asked five times; the crawl then ends with exit code 1
        and the leads wait, as they do after Ctrl-C.
    Arguments
        campaign, destination (one destination only), retry_dead (true: also what was given up), run_id.
    Environment
        HUBSPOT_TOKEN, LEADS_HUBSPOT_URL.
    """

    name = "delivery"
    arguments: ClassVar[tuple[str, ...]] = ("destination", "retry_dead")
    receivers: tuple[str, ...] = ()
    retry_dead: bool = False

    def check(self, arguments: Mapping[str, str]) -> None:
        """`destination` is one that the campaign has switched on."""
        switched_on = [name for name, table in self.campaign.delivery.destinations.items() if table.enabled]
        wanted = arguments.get("destination")
        if wanted and wanted not in switched_on:
            raise ArgumentError(
                f"destination={wanted} is not switched on in {self.campaign.name}: it delivers to"
                f" {', '.join(switched_on) or 'nobody'}"
            )
        self.receivers = (wanted,) if wanted else tuple(switched_on)
        self.retry_dead = one_of("retry_dead", arguments.get("retry_dead"), ("true", "false"), "false") == "true"

    async def start(self) -> AsyncIterator[Any]:
        """Deliver all that is due; there is nothing to crawl. When the crawl is stopped, the export stage waits for the
        couriers in place of this.
        """
        context, couriers = Context.of(self.crawler), Couriers.of(self.crawler)
        if self.retry_dead:
            for name in self.receivers:
                again = await outbox.retry_dead(context.database, context.campaign.name, name)
                self.logger.info("%s: %d leads that were given up wait again", name, again)
        unmanned = [name for name in self.receivers if not couriers.wake(name)]
        if unmanned and len(unmanned) == len(self.receivers):
            for name in unmanned:
                context.count(f"failed/delivery-{name}")
        await couriers.finish()
        nothing: tuple[Any, ...] = ()
        for request in nothing:
            yield request
