"""Fifth stage: what is the lead worth, and why. Two scores, kept apart; the rules and weights are the campaign's."""

from typing import Self

from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.scores import Scores
from leadspiders.pipelines.normalize import Record
from leadspiders.rules.fit import fit
from leadspiders.rules.qualify import is_qualified
from leadspiders.rules.quality import quality
from leadspiders.rules.variants import assign, sticky_key


class Score:
    """Puts `scores` on a lead. The variant sticks to the company, so that all its people are judged alike."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        return cls(Context.of(crawler))

    async def process_item(self, item: Record) -> Record:
        """The same record with its scores."""
        if isinstance(item, Contact):
            item.scores = self._scores(item.company, item)
        elif isinstance(item, Company):
            item.scores = self._scores(item, None)
        else:
            return item
        self._context.count("score/qualified" if item.scores.is_qualified else "score/not_qualified")
        return item

    def _scores(self, company: Company, contact: Contact | None) -> Scores:
        campaign = self._context.campaign
        variant = assign(campaign, sticky_key(company, contact))
        quality_score, quality_points = quality(contact, campaign) if contact else (0, [])
        fit_score, fit_points = fit(company, contact, campaign, variant)
        return Scores(
            quality=quality_score,
            quality_points=quality_points,
            fit=fit_score,
            fit_points=fit_points,
            variant=variant,
            version=campaign.scoring.version,
            is_qualified=is_qualified(campaign, quality_score, fit_score, contact),
        )
