"""HubSpot's batch upsert: up to 100 contacts or companies a call, each created or updated by a unique property.

Results come in any order, and one bad record does not stop the others: both are mapped by key, never by position.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Reply
from leadspiders.apis.hubspot.contract import API, ObjectType, check, path, refusal
from leadspiders.apis.hubspot.properties import KEY
from leadspiders.apis.records import read_records
from leadspiders.apis.refusals import read_object, scrub
from leadspiders.errors import ArgumentError, Unreadable

MOST_AT_ONCE = 100
CONFLICT = "CONFLICT"
EXISTING = re.compile(r"Existing ID:\s*(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One contact or company to write: `key` is ours and comes back with the result."""

    key: str
    properties: Mapping[str, str] = field(repr=False)

    def id(self, id_property: str) -> str:
        """The value of the unique property the record is found by."""
        return self.key if id_property == KEY else self.properties.get(id_property, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where a record is in HubSpot, and whether it was made or updated."""

    id: str
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why one record was not written; `existing_id` when HubSpot names the record it clashes with."""

    category: str
    message: str
    existing_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upserted:
    """What became of each record, by our key; of `unsaid` HubSpot says nothing, so they are sent again."""

    written: dict[str, Written]
    failed: dict[str, Failure]
    unsaid: tuple[str, ...]


class Result(msgspec.Struct, rename="camel"):
    """One element of `results`."""

    id: str
    new: bool | None = None
    properties: dict[str, Any] = {}
    object_write_trace_id: str | None = None

    dropped: ClassVar = frozenset(
        {"createdAt", "updatedAt", "archived", "archivedAt", "propertiesWithHistory", "url", "associations"}
    )


def upsert_contacts_call(records: Sequence[Record], version: str = "v3", id_property: str = KEY) -> Call:
    """The call that writes 1 to 100 contacts.

    `id_property` may be `email`, to take over contacts that the portal has already. Raises `ArgumentError` for a key or
    an id twice: HubSpot would refuse the whole batch.
    """
    return _upsert_call("contacts", records, version, id_property)


def upsert_companies_call(records: Sequence[Record], version: str = "v3", id_property: str = KEY) -> Call:
    """The call that writes 1 to 100 companies. HubSpot's `domain` is not unique, so that our key is the only id."""
    return _upsert_call("companies", records, version, id_property)


def _upsert_call(object_type: ObjectType, records: Sequence[Record], version: str, id_property: str) -> Call:
    if not 1 <= len(records) <= MOST_AT_ONCE:
        raise ArgumentError(f"{len(records)} {object_type} to write: HubSpot takes 1 to {MOST_AT_ONCE} a call")
    ids = [record.id(id_property) for record in records]
    ids = [record.id(id_property) for record in records]
    # HubSpot compares e-mail addresses in lower case.
    if len({one.lower() for one in ids}) < len(ids) or len({record.key for record in records}) < len(records):
        raise ArgumentError(f"two {object_type} of one batch have the same {id_property}: merge them first")
    if "" in ids:
        raise ArgumentError(f"one of the {object_type} has no {id_property} to be found by")
    inputs = [
        {
            "idProperty": id_property,
            "id": one,
            "objectWriteTraceId": record.key,
            "properties": {**record.properties, KEY: record.key},
        }
        for one, record in zip(ids, records, strict=True)
    ]
    place = path("objects", version, f"{object_type}/batch/upsert")
    return Call(api=API.name, method="POST", path=place, json={"inputs": inputs}, purpose=f"write {object_type}")


def read_upsert(
    reply: Reply, records: Sequence[Record], id_property: str = KEY, drift: Drift | None = None
) -> Upserted:
    """What became of the records of a call; raises what `check` raises when the whole batch was refused."""
    if reply.status == 409 and len(records) == 1:  # the whole batch is the one record that clashes
        return Upserted(written={}, failed={records[0].key: _failure(refusal(reply))}, unsaid=())
    check(reply)
    body = read_object(reply)
    if not isinstance(body.get("results"), list):
        raise Unreadable("HubSpot's answer has no list results", status=reply.status)
    keys = {record.id(id_property).lower(): record.key for record in records} | {one.key: one.key for one in records}
    written: dict[str, Written] = {}
    read, _ = read_records(body["results"], Result, "hubspot.upsert", drift)
    for result, _record in read:
        names = (result.object_write_trace_id, result.properties.get(KEY), result.properties.get(id_property))
        key = next((keys[known] for name in names if (known := _known(name, keys))), None)
        if key is not None:
            written[key] = Written(id=result.id, new=bool(result.new))
    failed = {
        keys[known]: _failure(error)
        for error in body.get("errors") or []
        if isinstance(error, dict)
        for name in _names(error)
        if (known := _known(name, keys)) and keys[known] not in written
    }
    unsaid = tuple(record.key for record in records if record.key not in written and record.key not in failed)
    return Upserted(written=written, failed=failed, unsaid=unsaid)


def _known(name: Any, keys: Mapping[str, str]) -> str | None:
    """The name under which a record was sent; HubSpot writes e-mail addresses in lower case."""
    return next((form for form in (str(name), str(name).lower()) if form in keys), None)


def _names(error: Mapping[str, Any]) -> Iterator[Any]:
    """What an error may name its records by; the key inside `context` varies."""
    yield error.get("objectWriteTraceId")
    yield error.get("id")
    context = error.get("context")
    for value in context.values() if isinstance(context, dict) else ():
        yield from value if isinstance(value, list) else [value]


def _failure(error: Mapping[str, Any]) -> Failure:
    message = str(error.get("message") or "no reason given")
    existing = EXISTING.search(message)
    return Failure(
        category=str(error.get("category") or "UNKNOWN"),
        message=scrub(message),
        existing_id=existing[1] if existing else None,
    )
