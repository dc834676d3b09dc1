"""Goes through a table for `retention` in short transactions, beside crawls: a few hundred rows at a time."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from leadspiders.stores.postgres.pool import Database

BATCH = 500


class Sweep:
    """One run's; `dry` counts and changes nothing."""

    def __init__(self, database: Database, *, now: datetime, dry: bool) -> None:
        self.database = database
        self.dry = dry
        self._now = now

    def before(self, days: int) -> datetime:
        """The moment so many days ago."""
        return self._now - timedelta(days=days)

    async def all(self, query: str, values: Any = None) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        async with self.database.connection() as connection:
            return await (await connection.execute(query, values)).fetchall()

    async def batches(self, query: str, values: Mapping[str, Any]) -> AsyncIterator[list[tuple[Any, ...]]]:
        """All keys by one reading, so that the tables are gone through once; what is done with them is asked anew."""
        found = await self.all(query, values)
        for start in range(0, len(found), BATCH):
            yield found[start : start + BATCH]

    async def change(self, statement: str, values: Sequence[Any], number: int) -> int:
        """How many rows a statement about `number` of them changed, or would change at most."""
        if self.dry:
            return number
        async with self.database.connection() as connection:
            return (await connection.execute(statement, values)).rowcount
