"""What each offer brought, cost and took, by field and segment: one upsert a batch of answers."""

from collections.abc import Mapping

from leadspiders.rules.learning import WHOLE, Yield
from leadspiders.stores.postgres.pool import Database

Place = tuple[str, str, str]
"""`(offer, field, segment)`, the offer as `provider/offer`."""

_ADD = """
INSERT INTO yields (campaign, offer, field, segment, asked, found, usd, seconds)
SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[], %s::int[], %s::float8[], %s::float8[])
 AS t (offer, field, segment, asked, found, usd, seconds) ORDER BY 2, 3, 4
ON CONFLICT (campaign, offer, field, segment) DO UPDATE
   SET asked = yields.asked + excluded.asked, found = yields.found + excluded.found, usd = yields.usd + excluded.usd,
       seconds = yields.seconds + excluded.seconds, updated_at = now()
"""
_READ = "SELECT offer, field, segment, asked, found, usd, seconds FROM yields WHERE campaign = %s"


async def add(database: Database, campaign: str, counted: Mapping[Place, Yield]) -> None:
    """Add to what is there. Processes add side by side, in one order of rows, so that none blocks another for good."""
    if not counted:
        return
    offers, fields, segments = zip(*counted, strict=True)
    found = list(counted.values())
    values = [
        list(column)
        for column in (
            *(offers, fields, segments),
            *((one.asked for one in found), (one.found for one in found)),
            *((one.usd for one in found), (one.seconds for one in found)),
        )
    ]
    async with database.connection() as connection:
        await connection.execute(_ADD, [campaign, *values])


async def read(database: Database, campaign: str) -> dict[Place, Yield]:
    """All of a campaign, and under the segment `*` the sum over the segments."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_READ, [campaign])).fetchall()
    known: dict[Place, Yield] = {}
    for offer, field, segment, asked, found, usd, seconds in rows:
        one = Yield(asked=asked, found=found, usd=usd, seconds=seconds)
        known[offer, field, segment] = one
        known.setdefault((offer, field, WHOLE), Yield()).add(one)
    return known
