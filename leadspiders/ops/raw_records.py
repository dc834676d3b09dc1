"""The raw records that a lead and its company were made of, as the sources sent them."""

from typing import Any

from leadspiders.stores.postgres.dossier import Dossier
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.raw_records import raw_record


async def raw_records(database: Database, dossier: Dossier) -> list[dict[str, Any]]:
    """`source, receipt, index, body`, each response once; the body is None once retention deleted it."""
    items = ([dossier.contact] if dossier.contact else []) + [dossier.company]
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for item in items:
        origin = item.origin
        if origin is None or (origin.run_id, origin.receipt) in found:
            continue
        body = await raw_record(database, run_id=origin.run_id, receipt=origin.receipt)
        found[origin.run_id, origin.receipt] = {
            "source": origin.source,
            "receipt": origin.receipt,
            "index": origin.index,
            "body": None if body is None else body.decode("utf-8", "replace"),
        }
    return list(found.values())
