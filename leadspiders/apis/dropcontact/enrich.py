"""Dropcontact's enrichment: up to 250 records are handed in, worked on for seconds to minutes, and fetched.

Nothing tells a wrong id from one that is not ready, so that there is an end to asking. Whatever is needed to read the
answer travels with the records: whoever knows the id and the number of records can fetch them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.dropcontact.contract import API, check
from leadspiders.apis.dropcontact.record import CHECKED, Record
from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.apis.records import read_records
from leadspiders.apis.refusals import read_object
from leadspiders.errors import ArgumentError, Unavailable, Unreadable

PATH = "/v1/enrich/all"
MOST_AT_ONCE = 250
MOST_BYTES = 15_000
INPUTS = frozenset({
    "first_name", "last_name", "full_name", "civility", "email", "linkedin", "job", "job_function", "job_level",
    "mobile_phone", "phone", "location", "company", "website", "company_linkedin", "num_siren", "siret",
    "siret_address", "siret_zip", "siret_city", "country", "custom_fields",
})  # fmt: skip
NAME = frozenset({"first_name", "last_name", "full_name", "civility"})
PLACE, SENT = "place", "sent"
"""In the custom fields of a record: its place in the batch, and the names of what was sent of it."""

# Small batches are done within seconds, and a look is free: the waits double up to what the service asks for. After
# ten minutes, the time for which a reservation of money holds, the last look takes what there is.
FIRST_WAIT_SECONDS = 0.5
ASKED_SECONDS = 30.0
MOST_LOOKS = 25
_SECONDS = re.compile(r"(\d+)\s*sec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enriched:
    """What came of some records, in their order: each as Dropcontact wrote it, None where it adds nothing; `credits`
    is what was charged for those with an address."""

    records: Sequence[bytes | None]
    credits: float


def submit_call(records: Sequence[Mapping[str, Any]]) -> Call:
    """The call that hands in 1 to 250 records; each address that is found costs a credit."""
    if not 1 <= len(records) <= MOST_AT_ONCE:
        raise ArgumentError(f"{len(records)} records to enrich: Dropcontact takes 1 to {MOST_AT_ONCE} a call")
    if strange := {name for record in records for name in record} - INPUTS:
        raise ArgumentError(f"Dropcontact takes no {', '.join(sorted(strange))}: use {', '.join(sorted(INPUTS))}")
    return Call(
        api=API.name,
        method="POST",
        path=PATH,
        json={"data": [dict(record) for record in records], "siren": False, "language": "en"},
        credits=float(len(records)),
        purpose="enrich records",
    )


def read_submitted(reply: Reply) -> str:
    """The id under which the records are worked on."""
    check(reply)
    found = read_object(reply).get("request_id")
    if not isinstance(found, str) or not found:
        raise Unreadable("Dropcontact's answer has no request_id", status=reply.status)
    return found


def fetch_call(request_id: str, *, delay: float = 0.0, force: bool = False) -> Call:
    """The call that looks for the records; `force` takes those that are done. Free."""
    return Call(
        api=API.name,
        path=f"{PATH}/{request_id}",
        params=(("forceResults", "true"),) if force else (),
        delay=delay,
        purpose="fetch records",
    )


def read_fetched(reply: Reply, number: int, drift: Drift | None = None) -> Enriched | float:
    """What came of the records, so many as were handed in, or the seconds after which to look again."""
    check(reply)
    body = read_object(reply)
    if body.get("success") is not True:
        found = _SECONDS.search(str(body.get("reason")))
        return float(found[1]) if found else ASKED_SECONDS
    data = body.get("data")
    if not isinstance(data, list):
        raise Unreadable("Dropcontact's answer has no list data", status=reply.status)
    read_records(data, Record, "dropcontact.records", drift)
    if len(data) > number:
        raise Unreadable(f"Dropcontact answers {len(data)} records to {number}", status=reply.status)
    kept: list[bytes | None] = [None] * number
    charged = 0
    for index, record in enumerate(data):
        custom = _custom(record)
        place = _place(custom, index)
        if isinstance(record, dict) and place < number and _adds(record, custom):
            kept[place] = msgspec.json.encode(record)
            charged += bool(record.get("email"))
    return Enriched(records=kept, credits=float(charged))


def hand_in(records: Sequence[Mapping[str, Any]]) -> Conversation[str]:
    """Hand records in: they are paid for then, and `fetch` is free. Returns the id to fetch them by."""
    placed = [
        {
            **record,
            "custom_fields": {PLACE: str(place), SENT: ",".join(record)}
            | ({CHECKED: "email"} if "email" in record else {}),
        }
        for place, record in enumerate(records)
    ]
    return read_submitted((yield submit_call(placed)))


def fetch(request_id: str, number: int, drift: Drift | None = None, *, waits: bool = True) -> Conversation[Enriched]:
    """Wait for so many records as were handed in; without `waits` look once, and take what there is.

    Raises `Unavailable` when nothing came within ten minutes, or at the one look.
    """
    asked_seconds = ASKED_SECONDS
    for look in range(MOST_LOOKS if waits else 1):
        delay = min(FIRST_WAIT_SECONDS * 2**look, asked_seconds) if waits else 0.0
        force = look == MOST_LOOKS - 1 or not waits
        found = read_fetched((yield fetch_call(request_id, delay=delay, force=force)), number, drift)
        if isinstance(found, Enriched):
            return found
        asked_seconds = found
    raise Unavailable("Dropcontact has not enriched the records within ten minutes: ask again later")


def _custom(record: Any) -> Mapping[str, Any]:
    """The custom fields that were sent with a record, as they come back."""
    custom = record.get("custom_fields") if isinstance(record, dict) else None
    return custom if isinstance(custom, dict) else {}


def _place(custom: Mapping[str, Any], index: int) -> int:
    """Where a record belongs: by the place that was sent with it, else by its own."""
    told = str(custom.get(PLACE, ""))
    return int(told) if told.isdecimal() else index


def _adds(record: Mapping[str, Any], custom: Mapping[str, Any]) -> bool:
    """Whether a record says anything that was not sent; how a name that was sent is taken apart is nothing new."""
    sent = set(str(custom.get(SENT, "")).split(","))
    known = sent | (NAME if NAME & sent else set()) | {"custom_fields"}
    return any(value for name, value in record.items() if name not in known or name == "email")
