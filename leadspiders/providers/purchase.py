"""Buying one offer, through the gate: what was bought before comes out of the database, the rest is asked for."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic

from leadspiders.apis.drift import Drift
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RequestRefused, Unavailable, Unreadable
from leadspiders.guard.not_charged import not_charged
from leadspiders.guard.spend_gate import Entry, SpendGate
from leadspiders.items.contact import Contact
from leadspiders.providers.collection import Collection, Hold
from leadspiders.providers.lead_key import lead_key
from leadspiders.providers.paid import after_payment
from leadspiders.providers.provider import Bought, Jobs, Offer
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one fact; each contact who asked about it reads the reply for themselves."""

    kept: Kept | None = None
    refused: str | None = None
    usd: float = 0.0
    credits: float = 0.0
    seconds: float = 0.0


class Desk:
    """Buys one offer. `fact_hash` is the keyed hash of a fact, `hold` carries a conversation to its end, `drift` takes
    in how replies differ from their contract.

    Raises `SetupError` when nobody has said what the offer costs.
    """

    def __init__(
        self,
        offer: Offer,
        *,
        gate: SpendGate,
        fact_hash: Callable[[str], str],
        hold: Hold,
        drift: Drift,
        clock: Callable[[], float] = monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.offer = offer
        self._gate = gate
        self._fact_hash = fact_hash
        self._hold = hold
        self._drift = drift
        self._clock = clock
        self._now = now
        self._closed = ""
        self._closed_until: datetime | None = None
        sale = self._sale()
        self.usd_each = float(sale.usd_each)
        """Dollars that one answer costs at most, at the price of today."""
        self.batch = gate.fits_a_call(sale, offer.batch)
        """The most contacts that one call takes: as many as the offer, and the cap of a call, allow."""
        self._collection = Collection(offer, gate=gate, hold=hold, drift=drift) if isinstance(offer, Jobs) else None

    def _sale(self) -> Sale:
        return self._gate.sale(self.offer.provider, self.offer.name, self.offer.credits_each)

    async def collect(self) -> None:
        """Collect what jobs of workers that are gone have brought."""
        if self._collection:
            await self._collection.collect()

    async def recollect(self, contacts: list[Contact]) -> Sequence[Answer | None]:
        """What was bought of these contacts before, by whomever; None where nothing was. Costs nothing."""
        facts = [self._fact_hash(self.offer.fact(contact)) for contact in contacts]
        kept = await self._gate.kept(self.offer.provider, facts)
        return [
            self._answer(fact, contact, Outcome(kept=kept[fact])) if fact in kept else None
            for fact, contact in zip(facts, contacts, strict=True)
        ]

    async def buy(self, contacts: list[Contact]) -> Sequence[Answer]:
        """One answer a contact, in order. At most `offer.batch` contacts. Of several who ask about one fact the first
        has paid for it."""
        facts = [self._fact_hash(self.offer.fact(contact)) for contact in contacts]
        asked = dict(zip(reversed(facts), reversed(contacts), strict=True))
        outcomes = await self._outcomes(list(dict.fromkeys(facts)), asked, [])
        given = [self._answer(fact, contact, outcomes[fact]) for fact, contact in zip(facts, contacts, strict=True)]
        twins = [fact in facts[:place] for place, fact in enumerate(facts)]
        return [
            replace(answer, usd=0.0, credits=0.0) if twin else answer for answer, twin in zip(given, twins, strict=True)
        ]

    async def _outcomes(
        self, wanted: Sequence[str], asked: dict[str, Contact], refusals: list[RequestRefused]
    ) -> dict[str, Outcome]:
        """Enter with the facts until each has its outcome; `refusals` are those of this batch so far."""
        outcomes: dict[str, Outcome] = {}
        while wanted:
            entry = await self._enter(wanted, asked)
            outcomes |= {fact: Outcome(kept=kept) for fact, kept in entry.kept.items()}
            outcomes |= {fact: Outcome(refused=why) for fact, why in entry.refused.items()}
            if entry.reservation:
                outcomes |= await self._purchase(entry.reservation, asked, refusals)
            wanted = entry.later
        lost = [fact for fact, outcome in outcomes.items() if outcome.refused == "charge-unknown"]
        if lost and self._collection:
            await self._collection.collect(lost)  # or somebody else has just done so
            kept = await self._gate.kept(self.offer.provider, lost)
            outcomes |= {fact: Outcome(kept=one) for fact, one in kept.items()}
        return outcomes

    async def _enter(self, wanted: Sequence[str], asked: dict[str, Contact]) -> Entry:
        if self._closed_until and self._now() < self._closed_until:
            kept = await self._gate.kept(self.offer.provider, wanted)
            return Entry(kept=kept, refused={fact: self._closed for fact in wanted if fact not in kept})
        leads = {fact: self._fact_hash(lead_key(asked[fact]) or fact) for fact in wanted}
        return await self._gate.enter(self._sale(), wanted, leads)

    async def _purchase(
        self, reservation: Reservation, asked: dict[str, Contact], refusals: list[RequestRefused]
    ) -> dict[str, Outcome]:
        """Make the call of a reservation. One that is refused as a whole, for nothing, is made again in halves: it may
        be one contact that the provider does not take."""
        began, facts = self._clock(), reservation.facts
        try:
            bought = await self._bought(reservation, [asked[fact] for fact in facts])
        except BaseException as error:
            why = await self._gate.ended(reservation, error)
            if not isinstance(error, Exception):
                raise
            if isinstance(error, RequestRefused) and len(facts) > 1 and len(refusals) < MOST_REFUSALS:
                refusals.append(error)
                half = len(facts) // 2
                first = await self._outcomes(facts[:half], asked, refusals)
                return first | await self._outcomes(facts[half:], asked, refusals)
            self._complain(error, why)
            return dict.fromkeys(facts, Outcome(refused=why, seconds=self._clock() - began))
        return await self._settle(reservation, bought, self._clock() - began)

    async def _bought(self, reservation: Reservation, people: list[Contact]) -> Bought:
        """The answers; those to a job that is handed in can be collected from then on by whoever has its ticket."""
        got = await self._hold(
            after_payment(about(self.offer.ask(people, self._drift), people)), self._gate.sending(reservation)
        )
        if isinstance(got, Bought):
            return got
        assert isinstance(self.offer, Jobs)
        await self._gate.handed_in(reservation, got.id)
        answers = await self._hold(after_payment(self.offer.collect(got, len(people), self._drift), paid=True), None)
        assert isinstance(answers, Bought)
        return answers

    async def _settle(self, reservation: Reservation, bought: Bought, seconds: float) -> dict[str, Outcome]:
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
        outcomes = {
            fact: Outcome(
                kept=Kept(reply=reply, received_at=now),
                usd=float(charged[fact] * reservation.sale.usd_per_credit),
                credits=float(charged[fact]),
                seconds=seconds,
            )
            for fact, reply in replies.items()
        }
        return outcomes | dict.fromkeys(rest, Outcome(refused=why, seconds=seconds))

    def _answer(self, fact: str, asker: Contact, outcome: Outcome) -> Answer:
        contact, refused, kept = None, outcome.refused, outcome.kept
        try:
            contact = None if kept is None or kept.reply is None else self.offer.read(kept.reply, asker)
        except Unreadable as error:
            log.warning("%s: a reply that was paid for cannot be read (%s)", self.offer.provider, error)
            refused = "unreadable"
        return Answer(
            contact=contact,
            refused=refused,
            usd=outcome.usd,
            receipt=f"{self.offer.provider}:{fact}" if kept else "",
            provider=self.offer.provider,
            credits=outcome.credits,
            seconds=outcome.seconds,
            bought_at=kept.received_at if kept else None,
        )

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
