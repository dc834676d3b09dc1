"""Sixth stage: into Postgres, in bulk. A record that leaves this stage is durable.

All outcomes of a crawl go through the one writer of its process, those of refused records too: what became of a record
and the count on its receipt are one transaction.
"""

from collections.abc import Sequence
from typing import Self

from scrapy.crawler import Crawler

from leadspiders.campaigns.model import Campaign
from leadspiders.context import Context
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.unread import Unread
from leadspiders.pipelines.batcher import Batcher
from leadspiders.pipelines.normalize import Record
from leadspiders.pipelines.outcomes import Parked
from leadspiders.rules.decision_maker import is_decision_maker
from leadspiders.rules.delivery import destinations
from leadspiders.rules.scores import scores
from leadspiders.stores.postgres.employer_scores import Judgment
from leadspiders.stores.postgres.writer import Outcome, Writer
from leadspiders.stores.postgres.writer import Record as Writable

BATCH = 500
LINGER_SECONDS = 0.05
LANES, FULL_LANES = 2, 1  # while one or two are with Postgres the next is made ready


class Store:
    """Awaits the batch that its record is in. `context.write` is the way in for what never gets here."""

    def __init__(self, context: Context) -> None:
        self._context = context
        campaign = context.campaign

        def deliver(item: Contact | Company) -> Sequence[str]:
            return destinations(item, campaign)

        self._writer = Writer(
            context.database,
            campaign=campaign.name,
            run_id=context.run_id,
            keyed_hash=context.keyed_hash,
            deliver=deliver,
            judgment=judgment(campaign),
        )
        self._batches: Batcher[Writable, Outcome] = Batcher(
            self._writer.write, size=BATCH, linger=LINGER_SECONDS, lanes=LANES, full_lanes=FULL_LANES
        )
        context.write = self._batches.ask

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        return cls(Context.of(crawler))

    async def process_item(self, item: Record) -> Record:
        """The same record, durable."""
        assert not isinstance(item, Unread)  # parked by the first stage
        outcome = await self._batches.ask(item)
        if outcome.kind == "parked":
            raise Parked("store", outcome.reason or "refused-by-the-database", noted=True)
        self._context.count(f"store/{outcome.kind}")
        if isinstance(item, Company | Contact):
            item.id, item.known = outcome.id, outcome.kind == "merged"
        return item


def judgment(campaign: Campaign) -> Judgment:
    """How leads are judged as they are stored, and once more when people are found where these change something."""
    employers = campaign.lead == "company"
    people = employers or any(variant.decision_makers for variant in campaign.scoring.variants.values())
    return Judgment(
        score=lambda lead: scores(lead, campaign),
        counts=(lambda contact: is_decision_maker(contact, campaign)) if people else None,
        employers=employers,
    )
