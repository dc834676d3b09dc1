"""Dropcontact: the address of a person by name and employer, with a verdict on it, 250 to a call."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.dropcontact.enrich import MOST_AT_ONCE, MOST_BYTES, fetch, hand_in
from leadspiders.apis.dropcontact.record import read_record
from leadspiders.apis.http import Conversation
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought, Offer, Ticket

ROOM_BYTES = 300
"""For the custom fields that travel with a record."""


class Dropcontact:
    """The provider."""

    name: ClassVar[str] = "dropcontact"

    def offers(self) -> Sequence[Offer]:
        """The enrichment of a person."""
        return (Enrichment(),)

    def retired(self, base_url: str) -> str | None:
        """In service."""
        return None


class Enrichment:
    """Works the address out and checks it; an address that is known already is only checked, at the same price."""

    provider: ClassVar[str] = "dropcontact"
    name: ClassVar[str] = "enrichment"
    fills: ClassVar[frozenset[str]] = frozenset(
        ("full_name", "email", "email_status", "phone", "linkedin_url", "title", "website")
    )
    batch: ClassVar[int] = MOST_AT_ONCE
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """A person by profile, by address, or by name and employer."""
        record = question(contact)
        named = "full_name" in record and record.keys() & {"website", "company"}
        return (
            bool(named or record.keys() & {"linkedin", "email"})
            and len(msgspec.json.encode(record)) <= MOST_BYTES - ROOM_BYTES
        )

    def fact(self, contact: Contact) -> str:
        """Everything that is sent: another word about the person is another question."""
        return "enrichment:" + msgspec.json.encode(question(contact), order="sorted").decode().lower()

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Ticket]:
        """One batch, handed in."""
        return Ticket((yield from hand_in([question(contact) for contact in contacts])))

    def collect(self, ticket: Ticket, number: int, drift: Drift, *, waits: bool = True) -> Conversation[Bought]:
        """The batch, looked for until it is done."""
        enriched = yield from fetch(ticket.id, number, drift, waits=waits)
        return Bought(replies=enriched.records, credits=enriched.credits)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """The person of one record."""
        return read_record(reply)


def question(contact: Contact) -> dict[str, str]:
    """What Dropcontact is told of a person. An address that is known to be dead is not: another one is wanted."""
    company = contact.company
    held = {
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "full_name": contact.full_name,
        "company": company.name,
        "website": company.domain,
        "linkedin": contact.linkedin_url,
        "email": None if contact.email_status == "invalid" else contact.email,
    }
    return {name: value for name, value in held.items() if value}
