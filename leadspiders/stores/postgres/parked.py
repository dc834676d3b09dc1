"""Records that could not go on, kept with their content and the reason until somebody looks at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from leadspiders.items.origin import Origin
from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.sealed import Vault, place
from leadspiders.stores.postgres.text import as_json, storable

# A record that is parked again after a replay is the same one.
_PARK = """
INSERT INTO parked_records (id, campaign, run_id, source, receipt, record_index, stage, reason, payload)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A record to keep: `payload` is the item, or whatever is there of it."""

    origin: Origin | None
    stage: str
    reason: str
    payload: Any

    @property
    def place(self) -> tuple[str, str, int] | None:
        """Its place on a receipt, if it came from one."""
        return (self.origin.run_id, self.origin.receipt, self.origin.index) if self.origin else None


async def park(connection: Connection, campaign: str, records: Sequence[Parked]) -> None:
    """Keep these records."""
    if not records:
        return
    async with connection.cursor() as cursor:
        await cursor.executemany(_PARK, [_values(connection.vault, campaign, record) for record in records])


def read_payload(vault: Vault, id_: UUID, payload: bytes | None) -> Any:
    """What the column `payload` of a row holds."""
    return None if payload is None else msgspec.json.decode(vault.open(payload, _place(id_)))


def _values(vault: Vault, campaign: str, record: Parked) -> list[Any]:
    origin = record.origin
    place = [origin.run_id, origin.source, origin.receipt, origin.index] if origin else [None] * 4
    id_ = new_id()
    payload = None if record.payload is None else vault.seal(as_json(record.payload).encode(), _place(id_))
    return [id_, campaign, *place, record.stage, storable(record.reason), payload]


def _place(id_: UUID) -> str:
    return place("parked_records", "payload", id_)
