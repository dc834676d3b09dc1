"""HubSpot's search: filter groups over properties; a new record is found only after some seconds."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis.hubspot_access import body_of, crm_of, invalid
from leadspiders.sandbox.apis.hubspot_objects import shown
from leadspiders.sandbox.apis.hubspot_properties import kind_of
from leadspiders.sandbox.crm import Record
from leadspiders.sandbox.state import sandbox_of

Json = dict[str, Any]
LIMIT_MAX = 200
RESULTS_MAX = 10_000
SEEN_AFTER_SECONDS = 3


async def search(request: web.Request) -> web.Response:
    """Groups are or-ed, filters of a group and-ed."""
    kind = kind_of(request)
    body = await body_of(request)
    limit, after = int(body.get("limit", 10)), int(body.get("after") or 0)
    if not 0 < limit <= LIMIT_MAX:
        raise invalid(f"limit must be between 1 and {LIMIT_MAX}")
    if after + limit > RESULTS_MAX:
        raise invalid(f"paging beyond {RESULTS_MAX} results is not supported")
    groups = body.get("filterGroups") or [{"filters": []}]
    settled = sandbox_of(request).clock() - SEEN_AFTER_SECONDS
    found = [
        record
        for record in crm_of(request).all(kind)
        if record.created_at <= settled and any(_fits(record, group.get("filters", [])) for group in groups)
    ]
    page = found[after : after + limit]
    reply: Json = {
        "total": len(found),
        "results": [shown(kind, record, body.get("properties") or []) for record in page],
    }
    if after + limit < len(found):
        reply["paging"] = {"next": {"after": str(after + limit), "link": None}}
    return web.json_response(reply)


def _fits(record: Record, filters: list[Json]) -> bool:
    return all(_one(record.properties | {"hs_object_id": record.id}, each) for each in filters)


def _one(properties: Mapping[str, str], wanted: Json) -> bool:
    name, operator = wanted.get("propertyName", ""), wanted.get("operator")
    value = properties.get(name, "").lower()
    target = str(wanted.get("value", "")).lower()
    if operator == "IN":
        return value in {str(each).lower() for each in wanted.get("values", ())}
    answers = {
        "EQ": value == target,
        "NEQ": value != target,
        "HAS_PROPERTY": bool(value),
        "NOT_HAS_PROPERTY": not value,
        "CONTAINS_TOKEN": target.strip("*") in value,
    }
    if operator not in answers:
        raise invalid(f"{operator} is not a supported filter operator")
    return answers[operator]
