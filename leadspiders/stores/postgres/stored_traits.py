"""By what a stored lead may have asked to be left alone: its keys as they lie there, and values that lost to others.

Somebody who is out of all lists stays out though their next record has another telephone.
"""

from collections.abc import Iterator

from leadspiders.stores.postgres.rows import KeyedHash, Row

_KEYS = ("linkedin_key", "email_hash", "email_domain_key", "provider_key", "phone_hash", "domain_key")
# What merging keeps of a value that went, and what an opt-out calls it.
_LOST = {"linkedin_url_also": "linkedin", "email_also": "email", "provider_key_also": "provider", "phone_also": "phone"}


def stored_traits(row: Row, keyed_hash: KeyedHash) -> frozenset[bytes]:
    """Hashes of the traits of a contact's or company's row, as opt-outs name them. The employer's are its own."""
    held = [value for key in _KEYS if (value := row.get(key)) is not None]
    if "phone_hash" not in row and row["phone"]:  # a company's telephone is no key of it
        held.append(keyed_hash("phone", row["phone"]))
    return frozenset([*held, *_lost(row, keyed_hash)])


def _lost(row: Row, keyed_hash: KeyedHash) -> Iterator[bytes]:
    for name, kind in _LOST.items():
        if (value := row["extras"].get(name)) is not None:
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str):
                    yield keyed_hash(kind, one.lower() if kind == "email" else one)
