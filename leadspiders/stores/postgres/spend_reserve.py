"""Takes the price of a call before it is made: intent and money in one transaction, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.spend_limits import Caps, Refused, Reservation, Sale, Used, binding, too_dear
from leadspiders.stores.postgres.spend_tickets import TICKET_DAYS
from leadspiders.stores.postgres.spend_totals import add_for

ASK_AGAIN_DAYS = 30
_REASONS = {"reserved": "being-bought", "settled": "already-bought", "unknown": "charge-unknown"}

_TAKEN = """
SELECT s.id, s.fact, s.state, s.reservation, s.day,
       s.state = 'settled' AND r.fact IS NOT NULL AND r.reply IS NULL
         AND r.received_at <= now() - make_interval(days => %(days)s) AS stale,
       s.ticket IS NOT NULL AND s.sent_at > now() - make_interval(days => %(ticket_days)s) AS collectable
  FROM spend s LEFT JOIN paid_replies r ON r.provider = s.provider AND r.fact = s.fact
 WHERE s.provider = %(provider)s AND s.fact = ANY(%(facts)s) AND s.state <> 'void' AND s.replaced_at IS NULL
"""
_REPLACE = "UPDATE spend SET replaced_at = now() WHERE id = %s AND replaced_at IS NULL"
# Whoever wants the same fact at the same moment waits here for the other's COMMIT, and then gets nothing.
_RESERVE = """
INSERT INTO spend (id, reservation, campaign, run_id, worker, provider, offer, fact, lead, state, credits, usd,
                   usd_per_credit, price)
SELECT f.id, %(reservation)s, %(campaign)s, %(run_id)s, %(worker)s, %(provider)s, %(offer)s, f.fact, f.lead,
       'reserved', %(credits)s, %(usd)s, %(usd_per_credit)s, %(price)s
  FROM unnest(%(ids)s::uuid[], %(facts)s::text[], %(leads)s::text[]) AS f (id, fact, lead) ORDER BY f.fact
ON CONFLICT (provider, fact) WHERE state <> 'void' AND replaced_at IS NULL DO NOTHING
RETURNING fact, day
"""
_LEADS = """
SELECT lead, sum(usd) FROM spend
 WHERE campaign = %s AND lead = ANY(%s) AND state <> 'void' AND reservation <> %s GROUP BY lead
"""


class Taken(NamedTuple):
    """The purchase that a fact has already; `stale` when it brought nothing, long ago, `collectable` when its answer
    is there to be collected."""

    id: UUID
    fact: str
    state: str
    reservation: UUID
    day: date
    stale: bool
    collectable: bool


class Stopped(Exception):
    """Rolls the transaction back."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


async def reserve(
    database: Database,
    *,
    campaign: str,
    run_id: str,
    sale: Sale,
    facts: Sequence[str],
    caps: Caps,
    leads: Mapping[str, str] | None = None,
    again: bool = False,
    ask_again_days: int = ASK_AGAIN_DAYS,
    worker: str | None = None,
    id: UUID | None = None,  # noqa: A002
) -> Reservation | Refused:
    """Reserve the price of all these facts, or of none.

    `leads` names the lead of a fact, for the cap of a lead. `again` buys facts whose last call ended without an answer:
    it may be the second time that they are paid for; not those whose answer can still be collected. `worker` is who
    buys, as its heartbeat names it. The same `id` asked twice reserves once.
    """
    wanted, id_ = sorted(set(facts)), id or new_id()
    reservation = Reservation(id=id_, campaign=campaign, run_id=run_id, day=date.min, sale=sale, facts=tuple(wanted))
    lead_of = {fact: lead for fact, lead in (leads or {}).items() if fact in wanted}
    try:
        async with database.connection() as connection:
            taken = await _taken(connection, sale.provider, wanted, ask_again_days)
            if len(taken) == len(wanted) and all(one.reservation == id_ for one in taken):
                return replace(reservation, day=taken[0].day)
            await _make_way(connection, taken, again=again)
            reservation = replace(reservation, day=await _write(connection, reservation, lead_of, worker))
            await _take(connection, reservation, caps, lead_of)
            return reservation
    except Stopped as stopped:
        return stopped.refused


async def _taken(connection: Connection, provider: str, facts: list[str], days: int) -> list[Taken]:
    async with connection.cursor(row_factory=class_row(Taken)) as cursor:
        values = {"provider": provider, "facts": facts, "days": days, "ticket_days": TICKET_DAYS}
        await cursor.execute(_TAKEN, values)
        return await cursor.fetchall()


async def _make_way(connection: Connection, taken: Sequence[Taken], *, again: bool) -> None:
    """Put aside the purchases that may be made anew; raises `Stopped` for the others."""
    aside = [one for one in taken if one.stale or (again and one.state == "unknown" and not one.collectable)]
    for state, reason in _REASONS.items():
        if facts := frozenset(one.fact for one in taken if one.state == state and one not in aside):
            raise Stopped(Refused(reason=reason, taken=facts))
    for one in aside:
        await connection.execute(_REPLACE, [one.id])


async def _write(
    connection: Connection, reservation: Reservation, lead_of: Mapping[str, str], worker: str | None
) -> date:
    """The rows of the intent; returns the day that they count for, by the database's clock."""
    sale, facts = reservation.sale, reservation.facts
    values = {
        "reservation": reservation.id,
        "campaign": reservation.campaign,
        "run_id": reservation.run_id,
        "worker": worker,
        "provider": sale.provider,
        "offer": sale.offer,
        "credits": sale.credits_each,
        "usd": sale.usd_each,
        "usd_per_credit": sale.usd_per_credit,
        "price": sale.price,
        "ids": [new_id() for _ in facts],
        "facts": list(facts),
        "leads": [lead_of.get(fact) for fact in facts],
    }
    days: dict[str, date] = dict(await (await connection.execute(_RESERVE, values)).fetchall())
    if len(days) < len(facts):
        raise Stopped(Refused(reason="being-bought", taken=frozenset(facts) - days.keys()))
    return days[facts[0]]


async def _take(connection: Connection, reservation: Reservation, caps: Caps, lead_of: Mapping[str, str]) -> None:
    """Take the money from the totals; raises `Stopped` when that passes a cap."""
    sale, facts = reservation.sale, len(reservation.facts)
    credits_, usd = sale.credits_each * facts, sale.usd_each * facts
    after = await add_for(connection, reservation, credits_, usd)
    used = Used(
        campaign=after["campaign"][1] - usd,
        run=after["run"][1] - usd,
        day=after["day"][1] - usd,
        provider=after["provider"][1] - usd,
        credits=after["provider"][0] - credits_,
    )
    if refused := binding(caps, used, sale, facts=facts):
        raise Stopped(refused)
    if caps.lead_usd is None or not lead_of:
        return
    values = [reservation.campaign, sorted(set(lead_of.values())), reservation.id]
    by_lead: dict[str, Decimal] = dict(await (await connection.execute(_LEADS, values)).fetchall())
    if refused := too_dear(caps, by_lead, sale, lead_of):
        raise Stopped(refused)
