"""By what an opt-out may name a stored lead: its keys, and the column `traits` for all that is no key of it.

Values that lost to others when records were merged, a company's telephone, a domain that another company has as its
key: an opt-out finds them there, and somebody who is out of all lists stays out though their next record says another.
"""

from collections.abc import Iterable, Iterator

from leadspiders.rules.domains import registrable
from leadspiders.rules.emails import is_free
from leadspiders.stores.postgres.rows import KeyedHash, Row

Trait = tuple[str, bytes]
"""`(kind, keyed hash)`, as an opt-out names it."""

_PERSON = {"linkedin_key": "linkedin", "email_hash": "email", "provider_key": "provider", "phone_hash": "phone"}
_COMPANY = {"domain_key": "domain"}
# The domain of an address goes with it: who works elsewhere tomorrow has not asked.
_KEYS = {True: tuple(_COMPANY), False: (*_PERSON, "email_domain_key")}
# What merging keeps of a value that went, and what an opt-out calls it.
_PERSON_LOST = {
    "linkedin_url_also": "linkedin",
    "email_also": "email",
    "provider_key_also": "provider",
    "phone_also": "phone",
}
_COMPANY_LOST = {"phone_also": "phone", "domain_also": "domain"}


def stored_traits(row: Row) -> set[bytes]:
    """Hashes of the traits of a contact's or company's row. The employer's are its own."""
    found = {row[key] for key in _KEYS["domain_key" in row]}
    found.discard(None)
    if also := row.get("traits"):
        found.update(hash_ for _, hash_ in map(_read, also))
    return found


def lasting_traits(row: Row) -> set[Trait]:
    """Those that stay the lead's own, whatever is learned of it."""
    columns = _COMPANY if "domain_key" in row else _PERSON
    found = {(kind, value) for column, kind in columns.items() if (value := row[column]) is not None}
    if also := row.get("traits"):
        found.update(map(_read, also))
    return found


def other_traits(row: Row, keyed_hash: KeyedHash, before: Iterable[Trait] = ()) -> list[str] | None:
    """The column `traits` of a row that is to be written; `before` are those of the stored rows that it takes over."""
    found = {*before, *_beside_the_keys(row, keyed_hash)}
    if not found:
        return None
    columns = _COMPANY if "domain_key" in row else _PERSON
    found.difference_update([(kind, row[column]) for column, kind in columns.items()])
    return sorted(written(kind, hash_) for kind, hash_ in found) or None


def written(kind: str, hash_: bytes) -> str:
    """A trait as the column has it."""
    return f"{kind}:{hash_.hex()}"


def _read(one: str) -> Trait:
    kind, _, hash_ = one.partition(":")
    return kind, bytes.fromhex(hash_)


def _beside_the_keys(row: Row, keyed_hash: KeyedHash) -> Iterator[Trait]:
    if is_company := "domain_key" in row:
        if row["phone"]:
            yield "phone", keyed_hash("phone", row["phone"])
        if row["domain_key"] is None and (domain := _domain(row["domain"] or row["website"])):
            yield "domain", keyed_hash("domain", domain)
    if not row["extras"]:
        return
    for name, kind in (_COMPANY_LOST if is_company else _PERSON_LOST).items():
        if (value := row["extras"].get(name)) is not None:
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str) and (canonical := _canonical(kind, one)):
                    yield kind, keyed_hash(kind, canonical)


def _canonical(kind: str, value: str) -> str | None:
    if kind == "domain":
        return _domain(value)
    return value.lower() if kind == "email" else value


def _domain(value: str | None) -> str | None:
    domain = registrable(value)
    return None if domain is None or is_free(domain) else domain
