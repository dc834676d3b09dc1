"""What an operator is told of: once for each incident, from its opening to its end, whoever notices it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.pool import Database

_OPEN = """
INSERT INTO incidents (id, kind, subject, campaign, run_id, details) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO NOTHING
"""
_CLOSE = "UPDATE incidents SET closed_at = now() WHERE kind = %s AND subject = %s AND closed_at IS NULL"
_SELECT = """
SELECT id, kind, subject, campaign, run_id, details, opened_at, closed_at FROM incidents
 WHERE closed_at IS NULL ORDER BY opened_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """`kind` says what happens (`provider-down`), `subject` to whom: an API's group of calls, a campaign, a queue.

    `campaign` and `run_id` are those of the worker that noticed it.
    """

    id: UUID
    kind: str
    subject: str
    campaign: str | None
    run_id: str | None
    details: dict[str, Any]
    opened_at: datetime
    closed_at: datetime | None


async def open_incident(
    database: Database,
    kind: str,
    subject: str,
    *,
    campaign: str | None = None,
    run_id: str | None = None,
    details: dict[str, Any] | None = None,
) -> UUID | None:
    """Note that something has begun; its id, or None when that is known already: nobody needs to be told again."""
    incident = new_id()
    async with database.connection() as connection:
        done = await connection.execute(_OPEN, [incident, kind, subject, campaign, run_id, Jsonb(details or {})])
    return incident if done.rowcount else None


async def close_incident(database: Database, kind: str, subject: str) -> bool:
    """Note that it is over; False when there was none."""
    async with database.connection() as connection:
        done = await connection.execute(_CLOSE, [kind, subject])
    return done.rowcount > 0


async def open_incidents(database: Database) -> list[Incident]:
    """Those that are not over, the oldest first."""
    async with database.connection() as connection, connection.cursor(row_factory=class_row(Incident)) as cursor:
        await cursor.execute(_SELECT)
        return await cursor.fetchall()
