"""The properties HubSpot does not have by itself, made on demand: our key, and what a rep needs to see of a lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.apis.hubspot.contract import API, ObjectType, check, path
from leadspiders.apis.refusals import read_object
from leadspiders.errors import RequestRefused, Unreadable

KEY = "leadspiders_key"
GROUPS = {"contacts": "contactinformation", "companies": "companyinformation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property: `unique` can only be said when it is made, and makes it an upsert's `idProperty`."""

    name: str
    label: str
    description: str
    type: Literal["string", "number", "date"] = "string"
    field: Literal["text", "textarea", "number", "date"] = "text"
    unique: bool = False

    def body(self, object_type: ObjectType) -> dict[str, Any]:
        """The property as HubSpot wants it."""
        return {
            "name": self.name,
            "label": self.label,
            "description": self.description,
            "type": self.type,
            "fieldType": self.field,
            "groupName": GROUPS[object_type],
            "hasUniqueValue": self.unique,
        }


KEY_PROPERTY = Property(
    name=KEY, label="Leadspiders key", description="Ties this record to its lead. Do not edit.", unique=True
)
LEAD_SCORE = Property(
    name="leadspiders_score", label="Lead score", description="Quality, 0-100.", type="number", field="number"
)
LEAD_FIT = Property(
    name="leadspiders_fit", label="Lead fit", description="Fit to the campaign, 0-100.", type="number", field="number"
)
WHY = Property(name="leadspiders_why", label="Why this lead", description="The points of its scores.", field="textarea")
SOURCE = Property(name="leadspiders_source", label="Lead source", description="Where the lead was found.")
LINKEDIN = Property(
    name="leadspiders_linkedin", label="LinkedIn URL", description="The profile, in its canonical form."
)

CUSTOM = (LEAD_SCORE, LEAD_FIT, WHY, SOURCE, LINKEDIN)


def wanted(*, custom_fields: bool) -> tuple[Property, ...]:
    """The properties that contacts and companies need: our key always, the rest by the switch of the destination."""
    return (KEY_PROPERTY, *CUSTOM) if custom_fields else (KEY_PROPERTY,)


def list_call(object_type: ObjectType, version: str = "v3") -> Call:
    """The call for all properties of an object type."""
    return Call(api=API.name, path=path("properties", version, object_type), purpose="list properties")


def create_call(object_type: ObjectType, properties: Sequence[Property], version: str = "v3") -> Call:
    """The call that makes properties."""
    body = {"inputs": [one.body(object_type) for one in properties]}
    place = path("properties", version, f"{object_type}/batch/create")
    return Call(api=API.name, method="POST", path=place, json=body, purpose="make properties")


def ensure_properties(
    object_type: ObjectType, properties: Sequence[Property], version: str = "v3"
) -> Conversation[list[str]]:
    """Make the properties that are not there yet; returns the names of those that were made.

    Raises `RequestRefused` when one is there and cannot serve (our key without unique values), or could not be made.
    """
    missing = _missing(properties, (yield list_call(object_type, version)))
    if not missing:
        return []
    reply = yield create_call(object_type, missing, version)
    if reply.status != 409:  # 409: another worker has just made one of them
        check(reply)
    if reply.status in {207, 409}:
        left = _missing(properties, (yield list_call(object_type, version)))
        if left and reply.status == 409:
            check((yield create_call(object_type, left, version)))
        elif left:
            names = ", ".join(one.name for one in left)
            raise RequestRefused(f"HubSpot did not make the properties {names} of {object_type}", status=reply.status)
    return [one.name for one in missing]


def _missing(properties: Sequence[Property], reply: Reply) -> list[Property]:
    check(reply)
    results = read_object(reply).get("results")
    if not isinstance(results, list):
        raise Unreadable("HubSpot's list of properties has no results", status=reply.status)
    there = {found["name"]: found for found in results if isinstance(found, dict) and "name" in found}
    for one in properties:
        if one.unique and one.name in there and not there[one.name].get("hasUniqueValue"):
            raise RequestRefused(
                f"HubSpot has a property {one.name} whose values need not be unique: delete it there, it is made anew"
            )
    return [one for one in properties if one.name not in there]
