"""HubSpot's properties: the standard ones, those made on demand, and whether a value fits one."""

import re
from collections.abc import Mapping
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
from leadspiders.sandbox.crm import Crm
from leadspiders.sandbox.state import Refused, sandbox_of

Json = dict[str, Any]
KINDS = ("contacts", "companies")
_STANDARD = {
    "contacts": "firstname lastname email phone mobilephone jobtitle company website address city state zip country "
    "lifecyclestage hs_lead_status hubspot_owner_id hs_linkedin_url industry numemployees",
    "companies": "name domain website phone industry numberofemployees annualrevenue address city state zip country "
    "description linkedin_company_page lifecyclestage hubspot_owner_id founded_year",
}
_TYPES = {"numberofemployees": "number", "annualrevenue": "number", "founded_year": "string"}
_FIELD_TYPES = [
    "text",
    "textarea",
    "number",
    "date",
    "select",
    "radio",
    "checkbox",
    "booleancheckbox",
    "file",
    "phonenumber",
    "html",
]
_VALUE_TYPES = ["string", "number", "date", "datetime", "enumeration", "bool"]
_UNIQUE_MAX = 10
_EMAIL = re.compile(r"[^@\s.]+(\.[^@\s.]+)*@([a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_UPPER = re.compile(r"[A-Z][A-Z0-9_]*")


def definition(crm: Crm, kind: str, name: str) -> Json | None:
    """What a property is, or None when there is no such one."""
    if name in crm.properties.get(kind, {}):
        return crm.properties[kind][name]
    if name in _STANDARD[kind].split() or name == "hs_object_id":
        kind_of_value = "enumeration" if (kind, name) == ("companies", "industry") else _TYPES.get(name, "string")
        return {"name": name, "label": name, "type": kind_of_value, "fieldType": "text", "hubspotDefined": True}
    return None


def unique_names(crm: Crm, kind: str) -> set[str]:
    """The properties of which no two records share a value."""
    made = {name for name, each in crm.properties.get(kind, {}).items() if each.get("hasUniqueValue")}
    return made | ({"email"} if kind == "contacts" else set())


def complaint(crm: Crm, kind: str, properties: Mapping[str, Any]) -> str | None:
    """Why a record with these properties is refused, or None when it is not."""
    for name, value in properties.items():
        known = definition(crm, kind, name)
        if known is None:
            return _wrong(name, f'Property \\"{name}\\" does not exist', "PROPERTY_DOESNT_EXIST")
        if value in (None, ""):
            continue
        if not isinstance(value, str):
            return _wrong(name, f"{value} is not a string", "INVALID_TYPE")
        if (kind, name) == ("contacts", "email") and not _EMAIL.fullmatch(value):
            return _wrong(name, f"Email address {value} is invalid", "INVALID_EMAIL")
        if not _fits(value, known):
            return _wrong(name, f"{value} was not a valid {known['type']}", f"INVALID_{known['type'].upper()}")
    return None


async def list_all(request: web.Request) -> web.Response:
    """Every property of a kind."""
    kind = kind_of(request)
    crm = crm_of(request)
    names = [*_STANDARD[kind].split(), *crm.properties.get(kind, {})]
    return web.json_response({"results": [definition(crm, kind, name) for name in names]})


async def get_one(request: web.Request) -> web.Response:
    """One property by name."""
    found = definition(crm_of(request), kind_of(request), request.match_info["name"])
    if found is None:
        raise not_found(f"Property {request.match_info['name']} does not exist")
    return web.json_response(found)


async def create(request: web.Request) -> web.Response:
    """Make a property: 201, or 409 when it is there."""
    made = _make(request, kind_of(request), await body_of(request))
    return web.json_response(made, status=201)


async def create_batch(request: web.Request) -> web.Response:
    """Make several properties; those that exist are errors of a 207."""
    _, inputs = await inputs_of(request)
    results: list[Json] = []
    errors: list[Json] = []
    for wanted in inputs:
        try:
            results.append(_make(request, kind_of(request), wanted))
        except Refused as refused:
            conflict = refused.response.status == 409
            category = "OBJECT_ALREADY_EXISTS" if conflict else "VALIDATION_ERROR"
            message = (
                f"A property named '{wanted.get('name')}' already exists." if conflict else "Property was not valid"
            )
            context = {"name": [str(wanted.get("name"))]}
            errors.append({"status": "error", "category": category, "message": message, "context": context})
    return batch_reply(request, results, errors, whole=201)


def kind_of(request: web.Request, part: str = "kind") -> str:
    """The kind of object in the path; a kind that HubSpot does not know is refused."""
    kind = request.match_info[part]
    kind = {"contact": "contacts", "company": "companies", "0-1": "contacts", "0-2": "companies"}.get(kind, kind)
    if kind not in KINDS:
        raise invalid(f"Unable to infer object type from: {kind}")
    return kind


def _make(request: web.Request, kind: str, wanted: Json) -> Json:
    crm = crm_of(request)
    name = str(wanted.get("name", ""))
    missing = [field for field in ("name", "label", "type", "fieldType", "groupName") if not wanted.get(field)]
    if missing:
        raise invalid(f"Required fields were missing or empty: {', '.join(missing)}")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise invalid(f"Property name {name} must be lower-case letters, digits and underscores, a letter first")
    if wanted["type"] not in _VALUE_TYPES or wanted["fieldType"] not in _FIELD_TYPES:
        raise invalid(f"{wanted['type']} with {wanted['fieldType']} is no valid combination of type and fieldType")
    if definition(crm, kind, name) is not None:
        raise Refused(error(409, "OBJECT_ALREADY_EXISTS", f"A property named '{name}' already exists."))
    if wanted.get("hasUniqueValue") and len(unique_names(crm, kind) - {"email"}) >= _UNIQUE_MAX:
        raise invalid(f"There can be at most {_UNIQUE_MAX} unique properties on an object type")
    now = stamp(sandbox_of(request).clock())
    made = {"options": [], "hasUniqueValue": False, "hidden": False, "formField": False} | wanted
    made |= {"createdAt": now, "updatedAt": now, "archived": False, "hubspotDefined": False}
    crm.properties.setdefault(kind, {})[name] = made
    crm.changes += 1
    written(request)
    return made


def _fits(value: str, known: Mapping[str, Any]) -> bool:
    kind = known["type"]
    if kind == "number":
        return re.fullmatch(r"-?\d+(\.\d+)?", value) is not None
    if kind == "bool":
        return value in ("true", "false")
    if kind in ("date", "datetime"):
        return re.fullmatch(r"-?\d{10,14}|\d{4}-\d\d-\d\d(T[\d:.]+Z)?", value) is not None
    if kind == "enumeration":
        options = {option["value"] for option in known.get("options", ())}
        return set(value.strip(";").split(";")) <= options if options else bool(_UPPER.fullmatch(value))
    return True


def _wrong(name: str, message: str, code: str) -> str:
    return (
        f'Property values were not valid: [{{"isValid":false,"message":"{message}","error":"{code}","name":"{name}"}}]'
    )
