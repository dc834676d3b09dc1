"""Buying one offer, through the gate: what was bought before comes out of the database, the rest is asked for."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic

from leadspiders.apis.http import Conversation
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RequestRefused, Unavailable, Unreadable
from leadspiders.guard.spend_gate import Entry, Sending, SpendGate, not_charged
from leadspiders.items.contact import Contact
from leadspiders.providers.lead_key import lead_key
from leadspiders.providers.paid import after_payment
from leadspiders.providers.provider import Bought, Offer
from leadspiders.rules.audit_subjects import about
from leadspiders.stores.postgres.spend import Kept, Reservation, Sale

log = logging.getLogger(__name__)

CLOSED_UNTOLD = timedelta(hours=1)
"""So long an offer is left alone whose quota or credential is refused, where nobody says until when."""
MOST_REFUSALS = 32
"""So often a call is made again in halves, to find whom the provider refuses: enough for three of 500 contacts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one question: `contact` is what the provider knows, None when it knows nothing; `refused` names
    why nothing was asked or answered. `usd` and `credits` are what it cost now (0 for what was bought before),
    `seconds` is how long the call took, `bought_at` when the reply came, now or then.
    """

    contact: Contact | None = None
    refused: str | None = None
    usd: float = 0.0
    receipt: str = ""
    provider: str = ""
    credits: float = 0.0
    seconds: float = 0.0
    bought_at: datetime | None = None


class Desk:
    """Buys one offer. `fact_hash` is the keyed hash of a fact, `hold` carries a conversation to its end.

    Raises `SetupError` when nobody has said what the offer costs.
    """

    def __init__(
        self,
        offer: Offer,
        *,
        gate: SpendGate,
        fact_hash: Callable[[str], str],
        hold: Callable[[Conversation[Bought], Sending], Awaitable[Bought]],
        clock: Callable[[], float] = monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.offer = offer
        self._gate = gate
        self._fact_hash = fact_hash
        self._hold = hold
        self._clock = clock
        self._now = now
        self._closed = ""
        self._closed_until: datetime | None = None
        sale = self._sale()
        self.usd_each = float(sale.usd_each)
        """Dollars that one answer costs at most, at the price of today."""
        self.batch = gate.fits_a_call(sale, offer.batch)
        """The most contacts that one call takes: as many as the offer, and the cap of a call, allow."""

    def _sale(self) -> Sale:
        return self._gate.sale(self.offer.provider, self.offer.name, self.offer.credits_each)

    async def recollect(self, contacts: list[Contact]) -> Sequence[Answer | None]:
        """What was bought of these contacts before, by whomever; None where nothing was. Costs nothing."""
        facts = [self._fact_hash(self.offer.fact(contact)) for contact in contacts]
        kept = await self._gate.kept(self.offer.provider, facts)
        return [self._read(fact, kept[fact]) if fact in kept else None for fact in facts]

    async def buy(self, contacts: list[Contact]) -> Sequence[Answer]:
        """One answer a contact, in order. At most `offer.batch` contacts."""
        facts = [self._fact_hash(self.offer.fact(contact)) for contact in contacts]
        asked = dict(zip(facts, contacts, strict=True))
        answers = await self._answers(list(asked), asked, [])
        given = [answers[fact] for fact in facts]
        twins = [fact in facts[:place] for place, fact in enumerate(facts)]  # two contacts of one fact: paid for once
        return [
            replace(answer, usd=0.0, credits=0.0) if twin else answer for answer, twin in zip(given, twins, strict=True)
        ]

    async def _answers(
        self, wanted: Sequence[str], asked: dict[str, Contact], refusals: list[RequestRefused]
    ) -> dict[str, Answer]:
        """Enter with the facts until each has its answer; `refusals` are those of this batch so far."""
        answers: dict[str, Answer] = {}
        while wanted:
            entry = await self._enter(wanted, asked)
            answers |= {fact: self._read(fact, kept) for fact, kept in entry.kept.items()}
            answers |= {fact: self._refused(why) for fact, why in entry.refused.items()}
            if entry.reservation:
                answers |= await self._purchase(entry.reservation, asked, refusals)
            wanted = entry.later
        return answers

    async def _enter(self, wanted: Sequence[str], asked: dict[str, Contact]) -> Entry:
        if self._closed_until and self._now() < self._closed_until:
            kept = await self._gate.kept(self.offer.provider, wanted)
            return Entry(kept=kept, refused={fact: self._closed for fact in wanted if fact not in kept})
        leads = {fact: self._fact_hash(lead_key(asked[fact]) or fact) for fact in wanted}
        return await self._gate.enter(self._sale(), wanted, leads)

    async def _purchase(
        self, reservation: Reservation, asked: dict[str, Contact], refusals: list[RequestRefused]
    ) -> dict[str, Answer]:
        """Make the call of a reservation. One that is refused as a whole, for nothing, is made again in halves: it may
        be one contact that the provider does not take."""
        began, facts = self._clock(), reservation.facts
        try:
            people = [asked[fact] for fact in facts]
            conversation = after_payment(about(self.offer.ask(people), people))
            bought = await self._hold(conversation, self._gate.sending(reservation))
        except BaseException as error:
            why = await self._gate.ended(reservation, error)
            if not isinstance(error, Exception):
                raise
            if isinstance(error, RequestRefused) and len(facts) > 1 and len(refusals) < MOST_REFUSALS:
                refusals.append(error)
                half = len(facts) // 2
                first = await self._answers(facts[:half], asked, refusals)
                return first | await self._answers(facts[half:], asked, refusals)
            self._complain(error, why)
            return dict.fromkeys(facts, self._refused(why, self._clock() - began))
        return await self._settle(reservation, bought, self._clock() - began)

    async def _settle(self, reservation: Reservation, bought: Bought, seconds: float) -> dict[str, Answer]:
        """Keep what was bought; where something ended it early, the facts behind it were not asked."""
        facts, early = reservation.facts, bought.ended_by
        replies = dict(zip(facts, bought.replies, strict=early is None))
        rest = facts[len(replies) :]
        free = early and not_charged(early)
        why = free or "provider-down"
        lost = () if free else rest[:1]
        charged = await self._gate.settle(reservation, replies, credits=bought.credits, lost=lost)
        if early:
            self._complain(early, why)
        now = datetime.now(UTC)
        answers = {
            fact: replace(
                self._read(fact, Kept(reply=reply, received_at=now)),
                usd=float(charged[fact] * reservation.sale.usd_per_credit),
                credits=float(charged[fact]),
                seconds=seconds,
            )
            for fact, reply in replies.items()
        }
        return answers | dict.fromkeys(rest, self._refused(why, seconds))

    def _read(self, fact: str, kept: Kept) -> Answer:
        contact, refused = None, None
        try:
            contact = None if kept.reply is None else self.offer.read(kept.reply)
        except Unreadable as error:
            log.warning("%s: a reply that was paid for cannot be read (%s)", self.offer.provider, error)
            refused = "unreadable"
        return Answer(
            contact=contact,
            refused=refused,
            receipt=f"{self.offer.provider}:{fact}",
            provider=self.offer.provider,
            bought_at=kept.received_at,
        )

    def _refused(self, why: str, seconds: float = 0.0) -> Answer:
        return Answer(refused=why, provider=self.offer.provider, seconds=seconds)

    def _complain(self, error: Exception, why: str) -> None:
        told = error.__cause__ if isinstance(error, Unavailable) else error  # the cause, after a call that was paid for
        if isinstance(told, CredentialRefused | QuotaUsedUp):
            until = told.retry_at if isinstance(told, QuotaUsedUp) else None
            self._closed = not_charged(told) or why
            self._closed_until = until or self._now() + CLOSED_UNTOLD
            when = f"{self._closed_until:%Y-%m-%d %H:%M:%S %Z}"
            log.error("%s: %s. Nothing more is bought from it before %s.", self.offer.provider, told, when)
        else:
            log.warning(
                "%s: a paid call ended without an answer (%s)", self.offer.provider, error or type(error).__name__
            )
