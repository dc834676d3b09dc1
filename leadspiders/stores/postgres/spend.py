"""The ledger of money: reserved before a paid call, settled with its reply, never twice for the same fact.

A reservation takes from the running totals in the transaction that writes its rows, so that a cap holds to the cent
over all machines. One that was sent and that nobody settled may have been charged: it becomes `unknown`, and counts as
spent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.spend_give_up import expire, expire_facts, give_up, sent
from leadspiders.stores.postgres.spend_limits import Caps, Refused, Reservation, Sale
from leadspiders.stores.postgres.spend_reserve import ASK_AGAIN_DAYS, reserve
from leadspiders.stores.postgres.spend_settle import reply_place, settle, void
from leadspiders.stores.postgres.spend_tickets import HandedIn, keep_ticket, uncollected

__all__ = ["Caps", "HandedIn", "Kept", "Refused", "Reservation", "Sale", "being_bought", "bought", "expire"]
__all__ += ["expire_facts", "give_up", "keep_ticket", "reserve", "sent", "settle", "uncollected", "void"]

# A "not known" that has grown old is no answer any more.
_BOUGHT = """
SELECT fact, reply, received_at FROM paid_replies
 WHERE provider = %s AND fact = ANY(%s) AND (reply IS NOT NULL OR received_at > now() - make_interval(days => %s))
"""
_BEING_BOUGHT = """
SELECT fact, reserved_at > now() - make_interval(secs => %s) FROM spend
 WHERE provider = %s AND fact = ANY(%s) AND state = 'reserved' AND replaced_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A reply that was paid for. None: the provider knows nothing of it."""

    reply: bytes | None
    received_at: datetime


async def bought(
    database: Database, provider: str, facts: Sequence[str], *, ask_again_days: int = ASK_AGAIN_DAYS
) -> dict[str, Kept]:
    """Raw replies of facts that were paid for, by any campaign; "knows nothing" only while it is younger than that."""
    if not facts:
        return {}
    async with database.connection() as connection:
        rows = await (await connection.execute(_BOUGHT, [provider, list(facts), ask_again_days])).fetchall()
        return {
            fact: Kept(
                reply=None if reply is None else connection.vault.open(reply, reply_place(provider, fact)),
                received_at=received_at,
            )
            for fact, reply, received_at in rows
        }


async def being_bought(
    database: Database, provider: str, facts: Sequence[str], *, within_seconds: float
) -> dict[str, bool]:
    """Those of the facts that somebody has reserved, and whether so lately that the answer may still come."""
    async with database.connection() as connection:
        found = await connection.execute(_BEING_BOUGHT, [within_seconds, provider, list(facts)])
        return dict(await found.fetchall())
