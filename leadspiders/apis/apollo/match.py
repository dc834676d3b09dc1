"""Apollo's paid match: ten people a call, one credit for each it finds, nothing for those it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from leadspiders.apis.apollo.contract import API, check
from leadspiders.apis.apollo.person import Person, contact
from leadspiders.apis.apollo.placed import assigned
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Reply
from leadspiders.apis.records import Broken, read_records
from leadspiders.apis.refusals import read_object
from leadspiders.errors import ArgumentError, RequestRefused, Unreadable
from leadspiders.items.contact import Contact

PATH = "/api/v1/people/bulk_match"
MOST_AT_ONCE = 10
IDENTIFIERS = frozenset(
    {"id", "first_name", "last_name", "name", "email", "hashed_email", "organization_name", "domain", "linkedin_url"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """What a call found.

    `contacts` by Apollo's id, and in `raw` the match of each as Apollo wrote it, to be kept since it was paid for;
    `places` holds the same in the order of the reply, with the id it came with (None: not found); `credits` is what the
    call cost; `missing` how many were not found, for nothing.
    """

    contacts: dict[str, Contact]
    raw: dict[str, bytes]
    places: list[tuple[str | None, bytes] | None]
    credits: float
    missing: int
    broken: list[Broken] = field(default_factory=list)

    def of(self, ids: Sequence[str]) -> list[bytes | None]:
        """What was paid for of each id that was asked, in that order."""
        return assigned(ids, self.places)


def bulk_match_call(people: Sequence[str | Mapping[str, str]], *, reveal_personal_emails: bool = False) -> Call:
    """The call that matches 1 to 10 people; costs a credit for each at most.

    A person is an id of Apollo or a mapping of identifiers (`email`, `linkedin_url`, `name` with `domain`, ...).
    """
    if not 1 <= len(people) <= MOST_AT_ONCE:
        raise ArgumentError(f"{len(people)} people to match: Apollo takes 1 to {MOST_AT_ONCE} a call")
    details = [{"id": person} if isinstance(person, str) else dict(person) for person in people]
    for detail in details:
        if not detail or not detail.keys() <= IDENTIFIERS:
            raise ArgumentError(
                f"a match goes by {', '.join(sorted(IDENTIFIERS))}, not by {', '.join(detail) or 'nothing'}"
            )
    return Call(
        api=API.name,
        method="POST",
        path=PATH,
        params=(("reveal_personal_emails", "true"),) if reveal_personal_emails else (),
        json={"details": details},
        group="bulk",
        credits=float(len(details)),
        purpose="match people",
    )


def read_matches(reply: Reply, drift: Drift | None = None) -> Matches:
    """The people that were found, by id: the order of a reply is not that of the call.

    Raises what `check` raises, `RequestRefused` for a refusal inside a 200, `Unreadable` for another body.
    """
    check(reply)
    body = read_object(reply)
    matches = body.get("matches")
    if not isinstance(matches, list):
        if body.get("error_code") or body.get("error_message"):
            raise RequestRefused(f"Apollo refuses the match: {body.get('error_code')}", status=reply.status)
        raise Unreadable("Apollo's answer has no list matches", status=reply.status)
    read, broken = read_records(matches, Person, "apollo.matches", drift)
    contacts = {person.id: contact(person, record) for person, record in read}
    return Matches(
        contacts=contacts,
        raw={person.id: msgspec.json.encode(record) for person, record in read},
        places=[_placed(match) for match in matches],
        credits=_amount(body.get("credits_consumed"), len(contacts) + len(broken)),
        missing=int(_amount(body.get("missing_records"), matches.count(None))),
        broken=broken,
    )


def read_match(raw: bytes) -> Contact:
    """The contact of one kept match; raises `Unreadable` when it is none."""
    try:
        read, broken = read_records([msgspec.json.decode(raw)], Person, "apollo.matches")
    except ValueError as error:
        raise Unreadable("the kept match is no JSON") from error
    if not read:
        raise Unreadable(f"the kept match cannot be read: {broken[0].reason if broken else 'it is empty'}")
    return contact(*read[0])


def _placed(match: Any) -> tuple[str | None, bytes] | None:
    if not match:
        return None
    known = match.get("id") if isinstance(match, dict) else None
    return known if isinstance(known, str) else None, msgspec.json.encode(match)


def _amount(value: Any, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float(otherwise)
