"""Whether somebody asked not to be contacted. Asked at the entry, and again whenever more is known of a person."""

from collections.abc import Sequence

from leadspiders.guard.keyed_hash import KeyedHash
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.suppression import traits
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.suppressions import listed


async def opted_out(
    database: Database,
    keyed_hash: KeyedHash,
    items: Sequence[Contact | Company],
    *,
    stored: Sequence[frozenset[bytes]] | None = None,
) -> list[bool]:
    """One answer a record, in order: whether any trait of it is on the list. One query for all.

    `stored` are hashes of what else each is known by in the database.
    """
    known_by = stored or [frozenset()] * len(items)
    hashes = [
        {keyed_hash(kind, value) for kind, value in traits(item)} | also
        for item, also in zip(items, known_by, strict=True)
    ]
    hits = await listed(database, set().union(*hashes))
    return [not hits.isdisjoint(of_one) for of_one in hashes]
