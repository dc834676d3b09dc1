"""Takes one lead from offer to offer until nothing is missing that anybody sells, and its address is proven.

An offer that finds nothing, fails, rests or may not be paid leads on to the next. What was bought before is free, so it
is used even when nothing more may be bought.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from leadspiders.campaigns.model import Campaign
from leadspiders.items.contact import Contact
from leadspiders.pipelines.desks import Desks
from leadspiders.pipelines.yields import Yields
from leadspiders.providers.lead_key import keep_lead_key, lead_key
from leadspiders.providers.order import VERDICT, Question, next_question, next_verifier
from leadspiders.providers.purchase import Answer
from leadspiders.rules.clean import clean_contact
from leadspiders.rules.passport import stamp
from leadspiders.rules.suppression import traits
from leadspiders.rules.take_in import take_in
from leadspiders.rules.verdict import apply_verdict
from leadspiders.rules.waterfall import FINAL, gaps, without_dead_address

DO_NOT_CONTACT = "do-not-contact"
"""The flag of an answer that says: this person has objected."""


class Surroundings(Protocol):
    """What the waterfall asks of the stage it belongs to."""

    async def closed(self, lead: Contact, token: int) -> str | None:
        """A short name of why nothing may be bought for the lead now, or None."""
        ...

    async def objected(self, lead: Contact, provider: str) -> None:
        """A provider says that the person must not be contacted: never returns."""
        ...

    async def learned(self, lead: Contact) -> None:
        """More is known of the lead; raises when that is a reason to let it go."""
        ...


class Counting(Protocol):
    """Adds to a stat."""

    def count(self, name: str, by: int = 1) -> None:
        """By its name below `leads/`."""
        ...


class Waterfall:
    """One a crawl; leads pass side by side."""

    def __init__(
        self,
        campaign: Campaign,
        desks: Desks,
        yields: Yields,
        *,
        around: Surroundings,
        context: Counting,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._campaign = campaign
        self._desks = desks
        self._yields = yields
        self._around = around
        self._context = context
        self._now = now

    async def fill(self, lead: Contact, token: int) -> str | None:
        """Fill the lead in place; returns why no more was bought for it, None when all were asked who could help."""
        asked: set[str] = set()
        closed: str | None = None
        known_as = lead_key(lead)
        while question := self._next(lead, asked, known_as or ""):
            asked.add(question.token)
            seen = lead if VERDICT in question.fields else without_dead_address(lead)
            place = self._yields.place(lead)
            answer = await self._desks.recollect(question.offer, seen)
            bought = answer is None
            if answer is None:
                closed = closed or await self._around.closed(lead, token)
                if closed:
                    continue
                if known_as:
                    keep_lead_key(lead, known_as)
                answer = await self._desks.buy(question.offer, seen)
            found = await self._use(lead, question, answer)
            if bought and not answer.refused:
                self._yields.note(question, place, found, answer.usd, answer.seconds)
        return closed

    def _next(self, lead: Contact, asked: set[str], known_as: str) -> Question | None:
        campaign, offers = self._campaign, self._desks.offers
        order = campaign.providers.fields
        missing = gaps(lead, order, campaign.target.employees)
        ranked = self._yields.order(lead, known_as)
        return next_question(lead, missing, order, offers, asked=asked, ranked=ranked) or next_verifier(
            lead, campaign.providers.verify, offers, asked=asked
        )

    async def _use(self, lead: Contact, question: Question, answer: Answer) -> set[str]:
        """Take in what an answer says; returns the fields that were asked for and are there now."""
        provider = question.offer.provider
        if not answer.contact:
            self._context.count(
                f"enrich/{provider}/refused/{answer.refused}" if answer.refused else f"enrich/{provider}/unknown"
            )
            return set()
        if DO_NOT_CONTACT in answer.contact.flags:
            await self._around.objected(lead, provider)
        self._context.count(f"enrich/{provider}/found")
        said = answer.contact
        clean_contact(said)
        stamp(said, source=provider, at=answer.bought_at or self._now(), receipt=answer.receipt, usd=answer.usd)
        known_by = traits(lead)
        if VERDICT in question.fields:
            apply_verdict(lead, said)
        else:
            take_in(lead, said)
        if traits(lead) != known_by:
            await self._around.learned(lead)
        return {field for field in question.fields if self._there(lead, field)}

    def _there(self, lead: Contact, field: str) -> bool:
        if field == VERDICT:
            return lead.email_status in FINAL
        return field not in gaps(lead, self._campaign.providers.fields, self._campaign.target.employees)
