"""The end of a reservation that the provider answered: settled with the reply, or given back."""

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.sealed import place
from leadspiders.stores.postgres.spend_limits import Reservation
from leadspiders.stores.postgres.spend_totals import add_for

_SHARE = Decimal("0.000001")

_KEEP = """
INSERT INTO paid_replies (provider, fact, reply) VALUES (%s, %s, %s)
ON CONFLICT (provider, fact) DO UPDATE SET reply = excluded.reply, received_at = now()
"""
# A reply may come when its reservation was given up long ago, and the fact bought anew: what it cost counts as well.
_SETTLE = """
WITH charged AS (SELECT * FROM unnest(%(facts)s::text[], %(credits)s::numeric[]) AS c (fact, credits)),
old AS (
  SELECT id, state, credits, usd FROM spend
   WHERE reservation = %(reservation)s AND fact = ANY(%(facts)s) AND state <> 'settled' ORDER BY id FOR UPDATE),
new AS (
  UPDATE spend s SET state = 'settled', credits = c.credits, usd = c.credits * s.usd_per_credit, settled_at = now(),
         replaced_at = CASE WHEN EXISTS (
           SELECT FROM spend o WHERE o.provider = s.provider AND o.fact = s.fact AND o.id <> s.id
              AND o.state <> 'void' AND o.replaced_at IS NULL) THEN coalesce(s.replaced_at, now()) END
    FROM old, charged c WHERE s.id = old.id AND c.fact = s.fact
  RETURNING s.credits - CASE old.state WHEN 'void' THEN 0 ELSE old.credits END AS credits,
            s.usd - CASE old.state WHEN 'void' THEN 0 ELSE old.usd END AS usd)
SELECT coalesce(sum(credits), 0), coalesce(sum(usd), 0) FROM new
"""
_END = """
WITH ended AS (
  UPDATE spend SET state = %(state)s, settled_at = now()
   WHERE reservation = %(reservation)s AND fact = ANY(%(facts)s) AND state IN ('reserved', 'unknown')
  RETURNING credits, usd)
SELECT coalesce(sum(credits), 0), coalesce(sum(usd), 0) FROM ended
"""


def reply_place(provider: str, fact: str) -> str:
    """What a kept reply is bound to."""
    return place("paid_replies", "reply", provider, fact)


async def settle(
    database: Database,
    reservation: Reservation,
    replies: Mapping[str, bytes | None],
    *,
    credits: float,  # noqa: A002
    lost: Collection[str] = (),
) -> Mapping[str, Decimal]:
    """Keep what was bought and note what it cost: `credits` are what was charged for all replies together. Returns
    each fact's share of them: those that were found share alike, and where nobody was, all do.

    Facts of the reservation without a reply were not charged and may be bought again, but for those that are `lost`:
    nobody knows of them. A reservation that was given up meanwhile is settled all the same; doing it twice changes
    nothing more.
    """
    provider = reservation.sale.provider
    answered = [fact for fact in reservation.facts if fact in replies]
    shares = _shares(Decimal(str(credits)), [replies[fact] is not None for fact in answered])
    left = [fact for fact in reservation.facts if fact not in replies and fact not in lost]
    async with database.connection() as connection:
        async with connection.cursor() as cursor:
            kept = [
                (provider, fact, None if reply is None else connection.vault.seal(reply, reply_place(provider, fact)))
                for fact, reply in ((fact, replies[fact]) for fact in answered)
            ]
            await cursor.executemany(_KEEP, kept)
        values = {"reservation": reservation.id, "facts": answered, "credits": shares}
        settled = await (await connection.execute(_SETTLE, values)).fetchone()
        state = "void" if answered or not credits else "unknown"
        await _ended(connection, reservation.id, "unknown", lost)
        freed = await _ended(connection, reservation.id, state, left)
        assert settled
        more = (settled[0] - freed[0], settled[1] - freed[1]) if state == "void" else settled
        await add_for(connection, reservation, *more)
    return dict(zip(answered, shares, strict=True))


async def void(database: Database, reservation: Reservation) -> None:
    """The provider said that it did nothing: give the money back, also where somebody had given it up as unknown."""
    async with database.connection() as connection:
        freed = await _ended(connection, reservation.id, "void", reservation.facts)
        await add_for(connection, reservation, -freed[0], -freed[1])


async def _ended(
    connection: Connection, reservation: UUID, state: str, facts: Collection[str]
) -> tuple[Decimal, Decimal]:
    values = {"state": state, "reservation": reservation, "facts": list(facts)}
    row = await (await connection.execute(_END, values)).fetchone()
    assert row
    return row[0], row[1]


def _shares(whole: Decimal, found: Sequence[bool]) -> list[Decimal]:
    """An amount in equal parts, to the millionth, over those found; what is left of the division goes to the first."""
    paying = found if any(found) else [True] * len(found)
    if not paying:
        return []
    share = (whole / sum(paying)).quantize(_SHARE, ROUND_DOWN)
    shares = [share if pays else Decimal(0) for pays in paying]
    shares[paying.index(True)] += whole - sum(shares)
    return shares
