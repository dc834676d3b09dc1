"""HubSpot's associations between contacts and companies: default and labelled, in batches and one by one."""

from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis.hubspot_access import batch_reply, crm_of, inputs_of, not_found, written
from leadspiders.sandbox.apis.hubspot_properties import kind_of

Json = dict[str, Any]
CREATE_MAX = 2000
READ_MAX = 1000
_TYPE_IDS = {("contacts", "companies"): (279, 1), ("companies", "contacts"): (280, 2)}
_OBJECT_TYPES = {"contacts": "0-1", "companies": "0-2"}


async def associate_default(request: web.Request) -> web.Response:
    """Connect pairs without a label."""
    kind, other = kind_of(request, "from"), kind_of(request, "to")
    _, inputs = await inputs_of(request, CREATE_MAX)
    results, errors = [], []
    for pair in inputs:
        start, end = _ends(pair)
        if missing := _missing(request, kind, start, other, end):
            errors.append(missing)
        else:
            results += _connected(request, kind, start, other, end)
    return batch_reply(request, results, errors)


async def associate_labelled(request: web.Request) -> web.Response:
    """Connect pairs with the types named."""
    kind, other = kind_of(request, "from"), kind_of(request, "to")
    _, inputs = await inputs_of(request, CREATE_MAX)
    results, errors = [], []
    for pair in inputs:
        start, end = _ends(pair)
        wrong = _missing(request, kind, start, other, end) or _wrong_type(kind, other, pair)
        if wrong:
            errors.append(wrong)
            continue
        _connected(request, kind, start, other, end)
        results.append(
            {
                "fromObjectTypeId": _OBJECT_TYPES[kind],
                "fromObjectId": int(start),
                "toObjectTypeId": _OBJECT_TYPES[other],
                "toObjectId": int(end),
                "labels": [],
            }
        )
    return batch_reply(request, results, errors, whole=201)


async def read_batch(request: web.Request) -> web.Response:
    """What each record is connected to."""
    kind, other = kind_of(request, "from"), kind_of(request, "to")
    _, inputs = await inputs_of(request, READ_MAX)
    results: list[Json] = []
    errors: list[Json] = []
    for wanted in inputs:
        record_id = str(wanted.get("id", ""))
        linked = crm_of(request).linked(kind, record_id, other)
        types = [{"category": "HUBSPOT_DEFINED", "typeId": _TYPE_IDS.get((kind, other), (0,))[0], "label": None}]
        if linked:
            to = [{"toObjectId": int(each), "associationTypes": types} for each in linked]
            results.append({"from": {"id": record_id}, "to": to})
        else:
            errors.append(_error("OBJECT_NOT_FOUND", "No associations found", {"fromObjectId": [record_id]}))
    return batch_reply(request, results, errors)


async def associate_one(request: web.Request) -> web.Response:
    """Connect one pair without a label."""
    kind, other = kind_of(request, "from"), kind_of(request, "to")
    start, end = request.match_info["from_id"], request.match_info["to_id"]
    if _missing(request, kind, start, other, end):
        raise not_found()
    return batch_reply(request, _connected(request, kind, start, other, end), [])


def _ends(pair: Json) -> tuple[str, str]:
    return str((pair.get("from") or {}).get("id", "")), str((pair.get("to") or {}).get("id", ""))


def _missing(request: web.Request, kind: str, start: str, other: str, end: str) -> Json | None:
    records = crm_of(request).records
    for each, record_id in ((kind, start), (other, end)):
        if record_id not in records.get(each, {}):
            message = f"No {each} with id {record_id} exists"
            return _error("OBJECT_NOT_FOUND", message, {"fromObjectId": [start], "toObjectId": [end]})
    return None


def _wrong_type(kind: str, other: str, pair: Json) -> Json | None:
    types = pair.get("types") or []
    ids = {each.get("associationTypeId") for each in types}
    if types and ids <= set(_TYPE_IDS.get((kind, other), ())):
        return None
    return _error("VALIDATION_ERROR", f"association types {sorted(map(str, ids))} do not fit {kind} to {other}", {})


def _connected(request: web.Request, kind: str, start: str, other: str, end: str) -> list[Json]:
    crm_of(request).link(kind, start, other, end)
    written(request)
    there, back = _TYPE_IDS.get((kind, other), (0, 0))[0], _TYPE_IDS.get((other, kind), (0, 0))[0]
    return [
        _result(start, end, there),
        _result(end, start, back),
    ]


def _result(start: str, end: str, type_id: int) -> Json:
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    return {"from": {"id": start}, "to": {"id": end}, "associationSpec": spec}


def _error(category: str, message: str, context: Json) -> Json:
    return {"status": "error", "category": category, "message": message, "context": context}
