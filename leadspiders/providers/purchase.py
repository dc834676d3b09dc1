"""Buying from one provider: was it bought before? If not, reserve the money, ask, keep the reply, only then use it.

The order is the promise: a reply is in Postgres before anybody sees it, so that a crash never pays twice for what is
there; and what may have been charged without an answer counts as spent.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from leadspiders.apis.http import Conversation
from leadspiders.errors import (
    ApiError,
    CredentialRefused,
    QuotaUsedUp,
    RateLimited,
    RequestRefused,
    StoreError,
    Unreachable,
    Unreadable,
)
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought, Provider
from leadspiders.stores.postgres import spend
from leadspiders.stores.postgres.pool import Database

log = logging.getLogger(__name__)

NOT_CHARGED = (CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unreachable)
"""Ends of a call after which the provider has done nothing."""

FAILURES_IN_A_ROW = 3
FIRST_REST_SECONDS = 30.0
LONGEST_REST_SECONDS = 600.0

SETTLE_SECONDS = 900
"""How long a reply that was paid for waits for a database that is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one question: `contact` is what the provider knows, None when it knows nothing; `refused` names
    why nothing was asked or answered; `usd` is what it cost now (0 for what was bought before)."""

    contact: Contact | None = None
    refused: str | None = None
    usd: float = 0.0
    receipt: str = ""


class Desk:
    """Buys from one provider for one campaign. `hold` carries a conversation to its end."""

    def __init__(
        self,
        provider: Provider,
        *,
        database: Database,
        campaign: str,
        run_id: str,
        caps: spend.Caps,
        usd_per_credit: float,
        fact_hash: Callable[[str], str],
        hold: Callable[[Conversation[Bought]], Awaitable[Bought]],
        again: bool = False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.provider = provider
        self._database = database
        self._campaign = campaign
        self._run_id = run_id
        self._caps = caps
        self._usd_per_credit = usd_per_credit
        self._fact_hash = fact_hash
        self._hold = hold
        self._again = again
        self._clock = clock
        self._closed: str | None = None
        self._failures = 0
        self._resting_until = 0.0

    async def recollect(self, contacts: list[Contact]) -> Sequence[Answer | None]:
        """What was bought of these contacts before, by whomever; None where nothing was. Costs nothing."""
        facts = [self._fact_hash(self.provider.fact(contact)) for contact in contacts]
        known = await spend.bought(self._database, self.provider.name, facts)
        return [self._answer(fact, known, {}, None, 0.0) if fact in known else None for fact in facts]

    async def buy(self, contacts: list[Contact]) -> Sequence[Answer]:
        """One answer a contact, in order. At most `provider.batch` contacts."""
        facts = [self._fact_hash(self.provider.fact(contact)) for contact in contacts]
        known = await spend.bought(self._database, self.provider.name, facts)
        wanted = {fact: contact for fact, contact in zip(facts, contacts, strict=True) if fact not in known}
        refused, usd = None, 0.0
        if wanted:
            refused, usd = await self._purchase(wanted)
            if not refused:
                known |= await spend.bought(self._database, self.provider.name, list(wanted))
        return [self._answer(fact, known, wanted, refused, usd) for fact in facts]

    def _answer(
        self, fact: str, known: dict[str, bytes | None], wanted: dict[str, Contact], refused: str | None, usd: float
    ) -> Answer:
        if fact not in known:
            return Answer(refused=refused or "no-answer")
        share = usd / len(wanted) if fact in wanted else 0.0
        raw = known[fact]
        try:
            contact = None if raw is None else self.provider.read(raw)
        except Unreadable as error:
            log.warning("%s: a reply that was paid for cannot be read (%s)", self.provider.name, error)
            return Answer(refused="unreadable", usd=share)
        return Answer(contact=contact, usd=share, receipt=f"{self.provider.name}:{fact}")

    async def _purchase(self, wanted: dict[str, Contact]) -> tuple[str | None, float]:
        """Why nothing was bought, or None; and the dollars that were charged."""
        if self._closed:
            return self._closed, 0.0
        if self._clock() < self._resting_until:
            return "provider-rests", 0.0
        reservation = await self._reserve(wanted)
        if isinstance(reservation, spend.Refused):
            left = {fact: contact for fact, contact in wanted.items() if fact not in reservation.taken}
            if len(left) == len(wanted):  # it is a cap: buy what still fits
                left = dict(list(left.items())[: reservation.fits])
            return await self._purchase(left) if 0 < len(left) < len(wanted) else (reservation.reason, 0.0)
        try:
            bought = await self._hold(self.provider.ask(list(wanted.values())))
        except NOT_CHARGED as error:
            await spend.void(self._database, reservation)
            return self._refusal(error), 0.0
        except BaseException as error:
            await spend.unknown(self._database, reservation)
            if not isinstance(error, Exception):
                raise
            log.warning("%s: a paid call ended without an answer (%s)", self.provider.name, type(error).__name__)
            return self._failed(), 0.0
        self._failures = 0
        replies = dict(zip(wanted, bought.replies, strict=True))
        await self._settle(reservation, replies, bought.credits)
        return None, bought.credits * self._usd_per_credit

    async def _settle(
        self, reservation: spend.Reservation, replies: dict[str, bytes | None], credits_charged: float
    ) -> None:
        """Keep what was paid for, however long the database is away: it exists nowhere else."""
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(StoreError),
            stop=stop_after_delay(SETTLE_SECONDS),
            wait=wait_random_exponential(multiplier=0.2, max=10),
            reraise=True,
        ):
            with attempt:
                await spend.settle(self._database, reservation, replies, credits=credits_charged)

    def _failed(self) -> str:
        """Count a failure; after three in a row the provider is left alone for a while, longer each time."""
        self._failures += 1
        if self._failures >= FAILURES_IN_A_ROW:
            rest = min(FIRST_REST_SECONDS * 2 ** (self._failures - FAILURES_IN_A_ROW), LONGEST_REST_SECONDS)
            self._resting_until = self._clock() + rest
            log.error("%s does not answer: it is asked again in %.0f seconds", self.provider.name, rest)
        return "provider-down"

    async def _reserve(self, wanted: dict[str, Contact]) -> spend.Reservation | spend.Refused:
        return await spend.reserve(
            self._database,
            campaign=self._campaign,
            run_id=self._run_id,
            provider=self.provider.name,
            facts=list(wanted),
            credits_each=self.provider.credits_each,
            usd_each=self.provider.credits_each * self._usd_per_credit,
            caps=self._caps,
            again=self._again,
            leads={fact: self._fact_hash(contact.provider_key or fact) for fact, contact in wanted.items()},
        )

    def _refusal(self, error: ApiError) -> str:
        if isinstance(error, CredentialRefused | QuotaUsedUp):
            self._closed = "credential-refused" if isinstance(error, CredentialRefused) else "quota-used-up"
            log.error("%s: %s. Nothing more is bought from it in this crawl.", self.provider.name, error)
            return self._closed
        log.warning("%s: %s", self.provider.name, error)
        if isinstance(error, Unreachable):
            return self._failed()
        return "rate-limited" if isinstance(error, RateLimited) else "request-refused"
