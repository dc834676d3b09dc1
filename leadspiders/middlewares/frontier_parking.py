"""Parks requests that were given up, beside the records that could not go on: what was not read is told, not lost."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from leadspiders.context import Context
from leadspiders.items.origin import Origin
from leadspiders.stores.postgres.parked import Parked, park
from leadspiders.stores.redis.frontier import Dead


async def park_requests(context: Context, buried: Sequence[Dead]) -> None:
    """A row each, at the stage "source"; one that is there already stays the only one."""
    async with context.database.connection() as connection:
        await park(connection, context.campaign.name, [_parked(context, dead) for dead in buried])


def _parked(context: Context, dead: Dead) -> Parked:
    request = _content(dead.payload)
    origin = Origin(
        source=context.source,
        url=str(request.get("url", "")),
        fetched_at=datetime.now(UTC),
        run_id=context.run_id,
        receipt=dead.id.hex(),  # no receipt of records, which end in ".0", ".1", ...
        index=0,
    )
    return Parked(origin=origin, stage="source", reason=dead.reason, payload=request)


def _content(payload: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(payload, type=dict[str, Any])
    except msgspec.DecodeError:
        return {"unreadable": payload[:1000].decode("latin-1")}
