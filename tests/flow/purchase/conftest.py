"""Desks over a real database, at which a made-up provider sells, and ways in which its calls go."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, TypeVar

import psycopg
import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Conversation
from leadspiders.campaigns.loader import load
from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.prices import load_prices
from leadspiders.errors import Unreadable
from leadspiders.guard.spend_gate import Sending, SpendGate
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought
from leadspiders.providers.purchase import Answer, Desk
from leadspiders.stores.postgres.pool import Database
from tests.conftest import VAULT

LONG_AGO = "UPDATE spend SET reserved_at = reserved_at - interval '1 hour', sent_at = sent_at - interval '1 hour'"

T = TypeVar("T")
Hold = Callable[[Conversation[Bought], Sending], Awaitable[Bought]]


class Made:
    """A provider that knows everybody but `nobody`, and whose reply about `garbled` cannot be read."""

    provider: ClassVar[str] = "made"
    name: ClassVar[str] = "look-up"
    fills: ClassVar[frozenset[str]] = frozenset(("full_name",))
    batch: ClassVar[int] = 10
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        return True

    def fact(self, contact: Contact) -> str:
        return str(contact.provider_key)

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        known = [None if contact.provider_key == "nobody" else self.fact(contact).encode() for contact in contacts]
        return Bought(replies=known, credits=float(len(known) - known.count(None)))
        yield

    def read(self, reply: bytes, contact: Contact) -> Contact:
        if reply == b"garbled":
            raise Unreadable("it is garbled")
        return Contact(full_name=reply.decode())


async def holds(conversation: Conversation[Bought], sending: Sending) -> Bought:
    await sending("made-1")
    try:
        next(conversation)
    except StopIteration as end:
        bought: Bought = end.value
        return bought
    raise AssertionError("it asked for a call")


def failing(error: Exception) -> Hold:
    async def hold(conversation: Conversation[Bought], sending: Sending) -> Bought:
        await sending("made-1")
        raise error

    return hold


def people(*keys: str) -> list[Contact]:
    return [Contact(provider_key=key) for key in keys]


def campaign(ambiguous: str = "never", ask_again_days: int = 30, **budget: object) -> Campaign:
    """A campaign whose credits cost half a dollar, and whose caps are out of the way unless said otherwise."""
    whole = load("performance_marketers")
    caps = {"cap_usd": 100.0, "per_run_usd": 100.0, "per_day_usd": 100.0, "per_lead_usd": 100.0, "per_call_usd": 100.0}
    return whole.model_copy(
        update={
            "name": "spring",
            "providers": whole.providers.model_copy(update={"ambiguous": ambiguous, "ask_again_days": ask_again_days}),
            "budget": whole.budget.model_copy(update=caps | {"usd_per_credit": {"made": 0.5}} | budget),
        }
    )


async def carries(conversation: Conversation[T], sending: Sending | None) -> T:
    if sending:
        await sending("made-1")
    try:
        next(conversation)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    raise AssertionError("it asked for a call")


class At:
    """Desks over a real database."""

    def __init__(self, url: str) -> None:
        self.url = url

    def buy(self, hold: Hold, *batches: list[Contact], terms: Campaign | None = None) -> list[Sequence[Answer]]:
        """Buy one batch after the other at one desk."""

        async def work(database: Database) -> list[Sequence[Answer]]:
            desk = self.desk(database, hold, terms)
            return [await desk.buy(batch) for batch in batches]

        return self.using(work)

    def desk(self, database: Database, hold: Hold, terms: Campaign | None = None, **more: Any) -> Desk:
        offer, drift = more.pop("offer", None) or Made(), more.pop("drift", None) or Drift()
        gate = SpendGate(
            database, campaign=terms or campaign(), run_id="one", prices=load_prices(), **{"patience": 2.0} | more
        )
        return Desk(offer, gate=gate, fact_hash=lambda fact: fact, hold=hold, drift=drift)

    def using(self, work: Callable[[Database], Awaitable[T]]) -> T:
        async def main() -> T:
            database = Database(self.url, vault=VAULT)
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(main())

    def states(self) -> dict[str, str]:
        with psycopg.connect(self.url) as connection:
            return dict(connection.execute("SELECT fact, state FROM spend ORDER BY reserved_at").fetchall())


@pytest.fixture
def at(database: str) -> At:
    return At(database)
