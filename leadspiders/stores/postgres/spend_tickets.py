"""Jobs that were handed in and paid for: what each is known by, and which of them nobody has collected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.spend_limits import Reservation, Sale

TICKET_DAYS = 30
"""So long answers can be collected: Dropcontact keeps them for 30 days, of NeverBounce no time is known."""

_KEEP = "UPDATE spend SET ticket = %s WHERE reservation = %s AND state IN ('reserved', 'unknown')"
# All facts of the reservation, whatever became of each: an answer is known by the place of its fact among them.
_UNCOLLECTED = """
WITH lost AS (
  SELECT DISTINCT reservation FROM spend
   WHERE provider = %(provider)s AND offer = %(offer)s AND ticket IS NOT NULL AND state = 'unknown'
     AND replaced_at IS NULL AND sent_at > now() - make_interval(days => %(days)s)
     AND (%(facts)s::text[] IS NULL OR fact = ANY(%(facts)s)))
SELECT reservation, min(campaign) AS campaign, min(run_id) AS run_id, min(day) AS day, min(price) AS price,
       max(usd_per_credit) AS usd_per_credit, max(credits) AS credits_each, max(ticket) AS ticket,
       array_agg(fact) AS facts, extract(epoch FROM now() - min(sent_at))::float AS age
  FROM spend JOIN lost USING (reservation) GROUP BY reservation ORDER BY min(sent_at)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A job that was paid for `age_seconds` ago, and whose answers nobody has kept."""

    reservation: Reservation
    ticket: str
    age_seconds: float


async def keep_ticket(database: Database, reservation: Reservation, ticket: str) -> None:
    """Note what the job of a reservation is known by, as soon as the provider has said it."""
    async with database.connection() as connection:
        await connection.execute(_KEEP, [ticket, reservation.id])


async def uncollected(
    database: Database, provider: str, offer: str, facts: Sequence[str] | None = None
) -> Sequence[HandedIn]:
    """Jobs of an offer that somebody was paid for and did not live to collect, of any campaign; only those that some
    of the `facts` belong to, or all. One that is still being waited for is none of them."""
    values: dict[str, Any] = {"provider": provider, "offer": offer, "days": TICKET_DAYS}
    async with database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_UNCOLLECTED, values | {"facts": None if facts is None else list(facts)})
        return [_handed_in(row, provider, offer) for row in await cursor.fetchall()]


def _handed_in(row: dict[str, Any], provider: str, offer: str) -> HandedIn:
    id_: UUID = row["reservation"]
    day: date = row["day"]
    credits_each: Decimal = row["credits_each"]
    sale = Sale(
        provider=provider,
        offer=offer,
        credits_each=credits_each,
        usd_per_credit=row["usd_per_credit"],
        price=row["price"],
    )
    return HandedIn(
        reservation=Reservation(
            id=id_,
            campaign=row["campaign"],
            run_id=row["run_id"],
            day=day,
            sale=sale,
            facts=tuple(sorted(row["facts"])),  # the order in which they were handed in
        ),
        ticket=row["ticket"],
        age_seconds=row["age"],
    )
