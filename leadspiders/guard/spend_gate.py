"""The one gate that every purchase passes, of people, facts and pages alike.

Was it bought before? If not: intent and money are committed, the call is made, the raw reply is committed with what it
cost, and only then used. A crash never pays twice for what is there, and what may have been charged counts as spent.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.prices import Prices
from leadspiders.errors import StoreError, Unreachable
from leadspiders.guard.lost_charges import LostCharges
from leadspiders.guard.not_charged import not_charged
from leadspiders.stores.postgres import spend
from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.pool import Database, once_more
from leadspiders.stores.postgres.spend_limits import fitting

log = logging.getLogger(__name__)

Sending = Callable[[str | None], Awaitable[None]]
"""Awaited with the id of the credential just before a paid call leaves; raises `Unreachable` when it must not."""

SETTLE_SECONDS = 900
"""How long a reply that was paid for waits for a database that is away."""
PATIENCE_SECONDS = 30.0
"""How old a purchase of somebody else may be for its answer to be waited for."""
LOOK_SECONDS = (0.1, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What may be done about some facts: `kept` was bought before, `reservation` may be bought now, `refused` names why
    the rest may not, and `later` is being bought by somebody else, or is too much for one call: enter with it again
    after the call.
    """

    kept: Mapping[str, spend.Kept] = field(default_factory=dict)
    reservation: spend.Reservation | None = None
    refused: Mapping[str, str] = field(default_factory=dict)
    later: Sequence[str] = ()


class SpendGate:
    """The gate of one run of a campaign. `lost` judges calls whose answer was lost; without it they stay unknown.
    `worker` is this process, as its heartbeat names it."""

    def __init__(
        self,
        database: Database,
        *,
        campaign: Campaign,
        run_id: str,
        prices: Prices,
        lost: LostCharges | None = None,
        worker: str | None = None,
        patience: float = PATIENCE_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._campaign = campaign
        self._run_id = run_id
        self._prices = prices
        self._lost = lost if campaign.providers.ambiguous == "after_usage_check" else None
        self._worker = worker
        self._patience = patience
        self._now = now

    def sale(self, provider: str, offer: str, credits_each: float) -> spend.Sale:
        """An offer at the price of today; raises `SetupError` when nobody has said what it costs."""
        day = self._now().astimezone(UTC).date()
        price = self._prices.price(provider, offer, credits_each, budget=self._campaign.budget, day=day)
        return spend.Sale(
            provider=provider,
            offer=offer,
            credits_each=price.credits_each,
            usd_per_credit=price.usd_per_credit,
            price=price.version,
        )

    def fits_a_call(self, sale: spend.Sale, most: int) -> int:
        """How many facts a call may buy, of `most`; one at least, so that the cap is what refuses it."""
        return max(1, fitting(self._campaign.budget.per_call_usd, Decimal(0), sale.usd_each, most))

    async def kept(self, provider: str, facts: Sequence[str]) -> dict[str, spend.Kept]:
        """What was bought of these facts before, by whomever."""
        days = self._campaign.providers.ask_again_days
        return await spend.bought(self._database, provider, facts, ask_again_days=days)

    async def enter(self, sale: spend.Sale, facts: Sequence[str], leads: Mapping[str, str] | None = None) -> Entry:
        """Reserve what may be bought of these facts; `leads` names the lead of a fact.

        Somebody else's purchase is waited for, but never while something is reserved here.
        """
        kept: dict[str, spend.Kept] = {}
        refused: dict[str, str] = {}
        later: list[str] = []
        wanted = list(dict.fromkeys(facts))
        if self._lost:
            await self._lost.anchor(sale.provider)
        while wanted or later:
            if not wanted:
                wanted, later = await self._others(sale.provider, later), []
                refused |= {fact: "being-bought" for fact in facts if fact not in {*kept, *refused, *wanted}}
            kept |= await self.kept(sale.provider, wanted)
            wanted = [fact for fact in wanted if fact not in kept]
            if not wanted:
                continue
            answer = await self._reserve(sale, wanted, leads or {})
            if isinstance(answer, spend.Reservation):
                return Entry(kept=kept, reservation=answer, refused=refused, later=later)
            out = await self._out(sale, wanted, answer)
            if answer.reason == "being-bought" or (answer.reason == "call-cap" and answer.fits):
                later += out
            else:
                kept |= await self.kept(sale.provider, out) if answer.reason == "already-bought" else {}
                refused |= {fact: answer.reason for fact in out if fact not in kept}
            wanted = [fact for fact in wanted if fact not in out]
        return Entry(kept=kept, refused=refused)

    async def settle(
        self,
        reservation: spend.Reservation,
        replies: Mapping[str, bytes | None],
        *,
        credits: float,  # noqa: A002  as the tables call them
        lost: Collection[str] = (),
    ) -> Mapping[str, Decimal]:
        """Keep what was paid for, however long the database is away: it exists nowhere else. Credits by fact. Of those
        that are `lost` nobody knows whether they were charged."""
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(StoreError),
            stop=stop_after_delay(SETTLE_SECONDS),
            wait=wait_random_exponential(multiplier=0.2, max=10),
            reraise=True,
        ):
            with attempt:
                return await spend.settle(self._database, reservation, replies, credits=credits, lost=lost)
        raise AssertionError("the last attempt raises")

    def sending(self, reservation: spend.Reservation) -> Sending:
        """What notes, before the first paid call of a reservation leaves, that it may be charged from now on."""
        noted = False

        async def note(account: str | None) -> None:
            nonlocal noted
            if not noted and not await once_more(lambda: spend.sent(self._database, reservation, account)):
                raise Unreachable(f"{reservation.sale.provider} is not asked: the call waited too long for its turn")
            noted = True

        return note

    async def handed_in(self, reservation: spend.Reservation, ticket: str) -> None:
        """Note what a job that was just paid for is known by. The answers are waited for even if that fails."""
        try:
            await once_more(lambda: spend.keep_ticket(self._database, reservation, ticket))
        except StoreError as error:
            log.warning("a job of %s could not be noted (%s)", reservation.sale.provider, error)

    async def uncollected(
        self, provider: str, offer: str, facts: Sequence[str] | None = None
    ) -> Sequence[spend.HandedIn]:
        """Jobs of an offer that were paid for and whose answers nobody has kept: of these facts, or all."""
        return await spend.uncollected(self._database, provider, offer, facts)

    async def ended(self, reservation: spend.Reservation, error: BaseException) -> str:
        """Give the money back where the call did nothing or never left, else count it as spent; the word for what
        happened."""
        if word := not_charged(error):
            await spend.void(self._database, reservation)
            return word
        await spend.give_up(self._database, reservation)
        return "provider-down"

    async def _reserve(
        self, sale: spend.Sale, facts: list[str], leads: Mapping[str, str]
    ) -> spend.Reservation | spend.Refused:
        """A line that is cut at the COMMIT leaves a doubt that the second try, under the same id, ends."""
        id_ = new_id()
        return await once_more(
            lambda: spend.reserve(
                self._database,
                campaign=self._campaign.name,
                run_id=self._run_id,
                sale=sale,
                facts=facts,
                caps=self._caps(sale.provider),
                leads=leads,
                again=self._campaign.providers.ambiguous == "always",
                ask_again_days=self._campaign.providers.ask_again_days,
                worker=self._worker,
                id=id_,
            )
        )

    async def _out(self, sale: spend.Sale, wanted: list[str], refused: spend.Refused) -> list[str]:
        """Which of the facts are out of this try."""
        if not refused.taken:  # it is a cap: the first that fit stay
            return wanted[refused.fits :]
        out = [fact for fact in wanted if fact in refused.taken]
        if refused.reason == "charge-unknown" and self._lost:
            freed = await self._lost.forgive(sale.provider, out)
            out = [fact for fact in out if fact not in freed]
        return out

    async def _others(self, provider: str, facts: Sequence[str]) -> list[str]:
        """Wait for what somebody else is buying: those of the facts that may be asked for again."""
        pause, longest = LOOK_SECONDS
        while True:
            await spend.expire_facts(self._database, provider, list(facts))
            found = await spend.being_bought(self._database, provider, facts, within_seconds=self._patience)
            if not any(found.values()):
                return [fact for fact in facts if fact not in found]
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, longest)

    def _caps(self, provider: str) -> spend.Caps:
        budget = self._campaign.budget
        credits_ = {str(name): most for name, most in budget.credits.items()}
        usd = {str(name): most for name, most in budget.per_provider_usd.items()}
        return spend.Caps(
            campaign_usd=budget.cap_usd,
            run_usd=budget.per_run_usd,
            day_usd=budget.per_day_usd,
            lead_usd=budget.per_lead_usd,
            call_usd=budget.per_call_usd,
            provider_usd=usd.get(provider),
            credits=credits_.get(provider),
        )
