"""Ties HubSpot's contacts to their companies, many pairs a call."""

from collections.abc import Sequence
from typing import Any

from leadspiders.apis.http import Call, Reply
from leadspiders.apis.hubspot.contract import API, check, path
from leadspiders.apis.refusals import read_object
from leadspiders.errors import ArgumentError, Unreadable

# 2,000 is documented for labelled pairs; for unlabelled ones no number is.
MOST_AT_ONCE = 1_000

Pair = tuple[str, str]
"""The ids HubSpot gave to a contact and to its company."""


def associate_call(pairs: Sequence[Pair], version: str = "v4") -> Call:
    """The call that ties 1 to 1,000 contacts to their companies, with the default association."""
    if not 1 <= len(pairs) <= MOST_AT_ONCE:
        raise ArgumentError(f"{len(pairs)} pairs to associate: send 1 to {MOST_AT_ONCE} a call")
    body = {"inputs": [{"from": {"id": contact}, "to": {"id": company}} for contact, company in pairs]}
    place = path("associations", version, "contacts/companies/batch/associate/default")
    return Call(api=API.name, method="POST", path=place, json=body, purpose="associate")


def read_associated(reply: Reply, pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that HubSpot has not confirmed, to be sent again; empty when all are tied.

    A reply names a pair in either direction, or in both.
    """
    check(reply)
    results = read_object(reply).get("results")
    if not isinstance(results, list):
        raise Unreadable("HubSpot's answer has no list results", status=reply.status)
    done = {frozenset((_id(one, "from"), _id(one, "to"))) for one in results if isinstance(one, dict)}
    return [pair for pair in pairs if frozenset(pair) not in done]


def _id(result: dict[str, Any], end: str) -> str:
    found = result.get(end)
    return str(found.get("id")) if isinstance(found, dict) else ""
