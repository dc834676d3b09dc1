"""HubSpot's contacts and companies: one by one and in batches, with failures told per record."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis.hubspot_access import (
    batch_reply,
    body_of,
    crm_of,
    error,
    inputs_of,
    invalid,
    not_found,
    stamp,
    written,
)
from leadspiders.sandbox.apis.hubspot_properties import complaint, kind_of, unique_names
from leadspiders.sandbox.crm import Crm, Record
from leadspiders.sandbox.state import Refused, sandbox_of

Json = dict[str, Any]


class _Complaint(Exception):
    """Why one record of a batch is refused."""

    def __init__(self, category: str, message: str) -> None:
        super().__init__(message)
        self.category = category


async def upsert_batch(request: web.Request) -> web.Response:
    """Create or update by a unique property; the inputs may not name one record twice."""
    kind = kind_of(request)
    crm = crm_of(request)
    _, inputs = await inputs_of(request)
    _check_upsert(crm, kind, inputs)

    def work(wanted: Json) -> Json:
        name, value = wanted.get("idProperty") or "hs_object_id", str(wanted["id"])
        record = crm.records.get(kind, {}).get(value) if name == "hs_object_id" else crm.find(kind, name, value)
        if record is None and name == "hs_object_id":
            raise _Complaint("OBJECT_NOT_FOUND", f"No object with id {value}")
        # The value of idProperty is written too, even where properties leave it out.
        properties = ({} if name == "hs_object_id" else {name: value}) | (wanted.get("properties") or {})
        saved = _save(request, kind, record, properties)
        return shown(kind, saved, None) | {"new": record is None}

    return _each(request, inputs, work)


async def create_batch(request: web.Request) -> web.Response:
    """Create several; one that exists fails alone."""
    kind = kind_of(request)
    _, inputs = await inputs_of(request)
    return _each(
        request,
        inputs,
        lambda wanted: shown(kind, _save(request, kind, None, wanted.get("properties") or {}), None),
        201,
    )


async def update_batch(request: web.Request) -> web.Response:
    """Update several by id, or by the idProperty of each."""
    kind = kind_of(request)
    _, inputs = await inputs_of(request)

    def work(wanted: Json) -> Json:
        record = _existing(crm_of(request), kind, wanted, wanted.get("idProperty"))
        return shown(kind, _save(request, kind, record, wanted.get("properties") or {}), None)

    return _each(request, inputs, work)


async def read_batch(request: web.Request) -> web.Response:
    """Read several; `idProperty` and `properties` stand beside the inputs."""
    kind = kind_of(request)
    body, inputs = await inputs_of(request)
    wanted_properties = body.get("properties") or []

    def work(wanted: Json) -> Json:
        return shown(kind, _existing(crm_of(request), kind, wanted, body.get("idProperty")), wanted_properties)

    return _each(request, inputs, work)


async def archive_batch(request: web.Request) -> web.Response:
    """Archive several; what is not there is no error."""
    kind = kind_of(request)
    _, inputs = await inputs_of(request)
    for each in inputs:
        crm_of(request).remove(kind, str(each.get("id")))
    written(request)
    return web.Response(status=204)


async def create(request: web.Request) -> web.Response:
    """Create one: 201, or 409 that names the existing one."""
    kind = kind_of(request)
    body = await body_of(request)
    try:
        record = _save(request, kind, None, body.get("properties") or {})
    except _Complaint as complaint_:
        raise Refused(_single(complaint_)) from complaint_
    return web.json_response(shown(kind, record, None), status=201)


async def get_one(request: web.Request) -> web.Response:
    """Read one by id or `?idProperty=`."""
    kind = kind_of(request)
    record = _from_path(request, kind)
    names = ",".join(request.query.getall("properties", [])).split(",")
    return web.json_response(shown(kind, record, [name for name in names if name]))


async def update(request: web.Request) -> web.Response:
    """Update one by id or `?idProperty=`."""
    kind = kind_of(request)
    record = _from_path(request, kind)
    body = await body_of(request)
    try:
        _save(request, kind, record, body.get("properties") or {})
    except _Complaint as complaint_:
        raise Refused(_single(complaint_)) from complaint_
    return web.json_response(shown(kind, record, None))


def shown(kind: str, record: Record, wanted: list[str] | None) -> Json:
    """A record as HubSpot shows it: `wanted` properties, or all of them for None."""
    modified = "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"
    created, updated = stamp(record.created_at), stamp(record.updated_at)
    every = record.properties | {"hs_object_id": record.id, "createdate": created, modified: updated}
    names = every if wanted is None else dict.fromkeys([*wanted, "hs_object_id", "createdate", modified])
    return {
        "id": record.id,
        "properties": {name: every.get(name) or None for name in names},
        "createdAt": created,
        "updatedAt": updated,
        "archived": False,
    }


def _check_upsert(crm: Crm, kind: str, inputs: list[Json]) -> None:
    """What fails the whole batch: no id, an idProperty that is not unique, one record twice."""
    allowed = unique_names(crm, kind) | {"hs_object_id"}
    seen = set()
    for wanted in inputs:
        name, value = wanted.get("idProperty") or "hs_object_id", wanted.get("id")
        if not isinstance(value, str) or not value:
            raise invalid("Some required fields were not set: [id]")
        if name not in allowed:
            raise invalid(
                f"The property {name} is not a unique property on {kind}", subCategory="INVALID_UNIQUE_PROPERTY"
            )
        if (name, value.lower()) in seen:
            raise invalid(f"Duplicate IDs found in batch input: [{value}]. IDs must be unique")
        seen.add((name, value.lower()))


def _each(request: web.Request, inputs: list[Json], work: Callable[[Json], Json], whole: int = 200) -> web.Response:
    results: list[Json] = []
    errors: list[Json] = []
    for wanted in inputs:
        trace = wanted.get("objectWriteTraceId")
        try:
            results.append(work(wanted) | ({"objectWriteTraceId": trace} if trace else {}))
        except _Complaint as refusal:
            context = {"objectWriteTraceId": [trace]} if trace else {"ids": [str(wanted.get("id", ""))]}
            errors.append(
                {"status": "error", "category": refusal.category, "message": str(refusal), "context": context}
            )
    return batch_reply(request, results, errors, whole)


def _save(request: web.Request, kind: str, record: Record | None, properties: Json) -> Record:
    """Write a record, a new one for None; raises `_Complaint` when values or unique properties forbid it."""
    crm = crm_of(request)
    wrong = complaint(crm, kind, properties)
    if wrong:
        raise _Complaint("VALIDATION_ERROR", wrong)
    values = {name: "" if value is None else value for name, value in properties.items() if name != "hs_object_id"}
    unique = unique_names(crm, kind)
    for name in sorted(unique & set(values)):
        other = crm.find(kind, name, values[name]) if values[name] else None
        if other is not None and other is not record:
            raise _Complaint("CONFLICT", f"{kind.capitalize()} already exists. Existing ID: {other.id}")
    written(request)
    now = sandbox_of(request).clock()
    if record is None:
        return crm.add(kind, values, now, unique)
    crm.change(kind, record, values, now, unique)
    return record


def _existing(crm: Crm, kind: str, wanted: Json, id_property: str | None) -> Record:
    value = str(wanted.get("id", ""))
    if id_property and id_property != "hs_object_id":
        if id_property not in unique_names(crm, kind):
            raise invalid(f"The property {id_property} is not a unique property on {kind}")
        record = crm.find(kind, id_property, value)
    else:
        record = crm.records.get(kind, {}).get(value)
    if record is None:
        raise _Complaint("OBJECT_NOT_FOUND", f"Could not get some {kind} objects, they may be deleted or not exist.")
    return record


def _from_path(request: web.Request, kind: str) -> Record:
    try:
        return _existing(crm_of(request), kind, {"id": request.match_info["id"]}, request.query.get("idProperty"))
    except _Complaint as missing:
        raise not_found(str(missing)) from missing


def _single(refusal: _Complaint) -> web.Response:
    return error(409 if refusal.category == "CONFLICT" else 400, refusal.category, str(refusal))
