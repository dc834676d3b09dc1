"""The ledger of money: reserved before a paid call, settled with its reply, never twice for the same fact.

All who spend for one campaign take turns under an advisory lock, so that a cap holds to the cent over all machines.
A reservation that nobody settled may have been charged: it becomes `unknown`, and counts as spent.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from psycopg.rows import dict_row

from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.spend_limits import Caps, Refused, Reservation, Used, binding

__all__ = ["Caps", "Refused", "Reservation", "bought", "expire", "reserve", "settle", "unknown", "void"]

_REASONS = {"reserved": "being-bought", "settled": "already-bought", "unknown": "charge-unknown"}
UNKNOWN_AFTER_SECONDS = 900  # the slowest bulk call of any provider answers within ten minutes

_BOUGHT = "SELECT fact, reply FROM paid_replies WHERE provider = %s AND fact = ANY(%s)"
# First the campaign, for its caps; then the provider, for facts that two campaigns want.
_TURN = """
SELECT pg_advisory_xact_lock(hashtextextended('spend of ' || %s, 0)),
       pg_advisory_xact_lock(hashtextextended('spend at ' || %s, 0))
"""
_TAKEN = "SELECT fact, state FROM spend WHERE provider = %s AND fact = ANY(%s) AND state <> 'void'"
_USED = """
SELECT coalesce(sum(usd), 0) AS campaign, coalesce(sum(usd) FILTER (WHERE run_id = %(run_id)s), 0) AS run,
       coalesce(sum(usd) FILTER (WHERE reserved_at >= date_trunc('day', now(), 'UTC')), 0) AS day,
       coalesce(sum(credits) FILTER (WHERE provider = %(provider)s), 0) AS credits
  FROM spend WHERE campaign = %(campaign)s AND state <> 'void'
"""
_USED_FOR_LEADS = """
SELECT coalesce(max(usd), 0) AS usd FROM (
  SELECT sum(usd) AS usd FROM spend WHERE campaign = %s AND lead = ANY(%s) AND state <> 'void' GROUP BY lead) AS by_lead
"""
_RESERVE = """
INSERT INTO spend (id, reservation, campaign, run_id, provider, fact, lead, state, credits, usd)
VALUES (%s, %s, %s, %s, %s, %s, %s, 'reserved', %s, %s)
"""
_KEEP = """
INSERT INTO paid_replies (provider, fact, reply) VALUES (%s, %s, %s)
ON CONFLICT (provider, fact) DO UPDATE SET reply = excluded.reply, received_at = now()
"""
_SETTLE = """
UPDATE spend SET state = 'settled', credits = %(credits)s, usd = %(usd)s, settled_at = now()
 WHERE reservation = %(reservation)s AND fact = ANY(%(facts)s) AND state IN ('reserved', 'unknown')
"""
_END = "UPDATE spend SET state = %s, settled_at = now() WHERE reservation = %s AND state = 'reserved'"
_EXPIRE = """
UPDATE spend SET state = 'unknown', settled_at = now()
 WHERE campaign = %s AND state = 'reserved' AND reserved_at < now() - make_interval(secs => %s)
"""


async def bought(database: Database, provider: str, facts: Sequence[str]) -> dict[str, bytes | None]:
    """Raw replies of facts that were paid for, by any campaign. None: the provider knows nothing of it."""
    if not facts:
        return {}
    async with database.connection() as connection:
        rows = await (await connection.execute(_BOUGHT, [provider, list(facts)])).fetchall()
    return dict(rows)


async def reserve(
    database: Database,
    *,
    campaign: str,
    run_id: str,
    provider: str,
    facts: Sequence[str],
    credits_each: float,
    usd_each: float,
    caps: Caps,
    leads: Mapping[str, str] | None = None,
    again: bool = False,
) -> Reservation | Refused:
    """Reserve the price of all these facts, or of none.

    `leads` names the lead of a fact, for the cap of a lead. `again` buys facts whose last call ended without an answer:
    it may be the second time that they are paid for.
    """
    wanted, lead_of = sorted(set(facts)), leads or {}
    reservation = Reservation(
        id=new_id(),
        campaign=campaign,
        provider=provider,
        facts=tuple(wanted),
        credits_each=credits_each,
        usd_each=usd_each,
    )
    async with database.connection() as connection:
        await connection.execute(_TURN, [campaign, provider])
        if refused := await _taken(connection, provider, wanted, again=again):
            return refused
        used = await _used(
            connection, campaign, run_id, provider, [leads[fact] for fact in wanted if fact in leads] if leads else []
        )
        if refused := binding(caps, used, facts=len(wanted), credits_each=credits_each, usd_each=usd_each):
            return refused
        rows = [
            (
                new_id(),
                reservation.id,
                campaign,
                run_id,
                provider,
                fact,
                lead_of.get(fact),
                credits_each,
                usd_each,
            )
            for fact in wanted
        ]
        async with connection.cursor() as cursor:
            await cursor.executemany(_RESERVE, rows)
    return reservation


async def settle(
    database: Database,
    reservation: Reservation,
    replies: Mapping[str, bytes | None],
    *,
    credits: float,  # noqa: A002
) -> None:
    """Keep what was bought and note what it cost: `credits` are what was charged for all replies together.

    Facts of the reservation without a reply were not charged and may be bought again. A reservation that was given up
    as unknown meanwhile is settled all the same.
    """
    answered = [fact for fact in reservation.facts if fact in replies]
    async with database.connection() as connection:
        async with connection.cursor() as cursor:
            await cursor.executemany(_KEEP, [(reservation.provider, fact, replies[fact]) for fact in sorted(answered)])
        each = Decimal(str(credits)) / max(len(answered), 1)
        usd = each * Decimal(str(reservation.usd_per_credit))
        values = {"reservation": reservation.id, "facts": answered, "credits": each, "usd": usd}
        await connection.execute(_SETTLE, values)
        await connection.execute(_END, ["void" if answered or not credits else "unknown", reservation.id])


async def void(database: Database, reservation: Reservation) -> None:
    """The provider said that it did nothing: give the money back."""
    await _end(database, "void", reservation.id)


async def unknown(database: Database, reservation: Reservation) -> None:
    """The call ended without an answer: it counts as spent, and is bought again only if that is asked for."""
    await _end(database, "unknown", reservation.id)


async def expire(database: Database, campaign: str, *, older_than_seconds: float = UNKNOWN_AFTER_SECONDS) -> int:
    """Give up reservations whose process is gone; returns how many facts are unknown now."""
    async with database.connection() as connection:
        return (await connection.execute(_EXPIRE, [campaign, older_than_seconds])).rowcount


async def _end(database: Database, state: str, reservation: UUID) -> None:
    async with database.connection() as connection:
        await connection.execute(_END, [state, reservation])


async def _taken(connection: Connection, provider: str, facts: list[str], *, again: bool) -> Refused | None:
    rows = await (await connection.execute(_TAKEN, [provider, facts])).fetchall()
    for state, reason in _REASONS.items():
        taken = frozenset(fact for fact, its_state in rows if its_state == state)
        if taken and not (again and state == "unknown"):
            return Refused(reason=reason, taken=taken)
    return None


async def _used(connection: Connection, campaign: str, run_id: str, provider: str, leads: list[str]) -> Used:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_USED, {"campaign": campaign, "run_id": run_id, "provider": provider})
        sums = await cursor.fetchone()
        lead = {"usd": Decimal(0)}
        if leads:
            await cursor.execute(_USED_FOR_LEADS, [campaign, leads])
            lead = await cursor.fetchone() or lead
    assert sums
    return Used(**sums, lead=lead["usd"])
