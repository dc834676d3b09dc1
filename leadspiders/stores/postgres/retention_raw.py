"""Lets go of raw records: a month that is too old for every campaign at once, the rest by batches."""

from collections import Counter
from datetime import UTC, datetime

from psycopg import sql
from psycopg.errors import LockNotAvailable

from leadspiders.stores.postgres.raw_records import MONTHS, SCHEMA, following, month_of
from leadspiders.stores.postgres.retention_sweep import Sweep

LOCK_SECONDS = 2  # to drop a month everybody is shut out for a moment: if it cannot be soon, then at the next run

_RAW = "SELECT month, campaign, hash FROM raw_records WHERE campaign = %(campaign)s AND received_at < %(before)s"
_BY_CAMPAIGN = sql.SQL("SELECT campaign, count(*) FROM {} GROUP BY campaign")
_DROP_RAW = """
DELETE FROM raw_records WHERE (month, campaign, hash) IN (
  SELECT month, campaign, hash FROM raw_records
   WHERE month = ANY(%s::date[]) AND campaign = %s AND hash = ANY(%s) FOR UPDATE SKIP LOCKED)
"""


async def drop_months(sweep: Sweep, days: int) -> Counter[str]:
    """Drop the months that are older than `days`; returns how many rows went of each campaign."""
    gone = Counter[str]()
    for (name,) in await sweep.all(MONTHS, [SCHEMA]):
        if datetime.combine(following(month_of(name)), datetime.min.time(), UTC) >= sweep.before(days):
            continue
        async with sweep.database.connection() as connection:
            try:
                async with connection.transaction():
                    await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                    table = sql.Identifier(SCHEMA, name)
                    rows = await (await connection.execute(_BY_CAMPAIGN.format(table))).fetchall()
                    await connection.execute(sql.SQL("DROP TABLE {}").format(table))
                    gone += Counter(dict(rows))
            except LockNotAvailable:
                continue  # its rows go by batches
    return gone


async def drop_raw(sweep: Sweep, campaign: str, days: int) -> int:
    """Drop those of one campaign, wherever they are; returns how many."""
    gone = 0
    async for batch in sweep.batches(_RAW, {"campaign": campaign, "before": sweep.before(days)}):
        months, hashes = sorted({row[0] for row in batch}), [row[2] for row in batch]
        gone += await sweep.change(_DROP_RAW, [months, campaign, hashes], len(batch))
    return gone
