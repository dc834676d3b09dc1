"""The raw records that a lead and its company were made of, as the sources sent them and the providers sold them."""

from typing import Any

from leadspiders.stores.postgres.dossier import Dossier
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.raw_records import raw_record
from leadspiders.stores.postgres.spend import bought

Told = dict[str, Any]


async def raw_records(database: Database, dossier: Dossier) -> list[Told]:
    """`source, receipt, index, body`, each once; `index` is the record's place in a response, None where nobody knows
    it or the reply is of one record. The body is None once retention deleted it.
    """
    items = ([dossier.contact] if dossier.contact else []) + [dossier.company]
    found: dict[str, Told] = {}
    for origin in (item.origin for item in items):
        if origin and origin.receipt not in found:
            body = await raw_record(database, run_id=origin.run_id, receipt=origin.receipt)
            found[origin.receipt] = _told(origin.source, origin.receipt, origin.index, body)
    for said in (said for item in items for said in item.lineage.values()):
        if said.receipt not in found:
            body = await _body(database, said.source, said.receipt)
            found[said.receipt] = _told(said.source, said.receipt, None, body)
    return list(found.values())


async def _body(database: Database, source: str, receipt: str) -> bytes | None:
    """What a field was read from: a paid reply has its provider in front of the fact, a response stands alone."""
    provider, _, fact = receipt.partition(":")
    if provider != source:
        return await raw_record(database, receipt=receipt)
    kept = (await bought(database, provider, [fact])).get(fact)
    return kept.reply if kept else None


def _told(source: str, receipt: str, index: int | None, body: bytes | None) -> Told:
    text = None if body is None else body.decode("utf-8", "replace")
    return {"source": source, "receipt": receipt, "index": index, "body": text}
