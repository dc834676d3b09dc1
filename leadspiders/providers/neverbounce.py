"""NeverBounce: verdicts on addresses; a few are checked one by one, more of them as a job."""

from collections.abc import Sequence
from typing import ClassVar

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Conversation
from leadspiders.apis.neverbounce.jobs import fetch, hand_in
from leadspiders.apis.neverbounce.single import read_single, single_call
from leadspiders.apis.neverbounce.verification import read_verdict
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought, Offer, Ticket

JOB_FROM = 5
"""Addresses from which on a job is made of them: jobs may be run 50 times a day, lists may not be checked singly."""


class NeverBounce:
    """The provider."""

    name: ClassVar[str] = "neverbounce"

    def offers(self) -> Sequence[Offer]:
        """The verdict."""
        return (Verdict(),)

    def retired(self, base_url: str) -> str | None:
        """In service."""
        return None


class Verdict:
    """Judges up to 500 addresses at a time."""

    provider: ClassVar[str] = "neverbounce"
    name: ClassVar[str] = "verify"
    fills: ClassVar[frozenset[str]] = frozenset(("email_status",))
    batch: ClassVar[int] = 500
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Whoever has an address, whatever somebody else said of it."""
        return bool(contact.email)

    def fact(self, contact: Contact) -> str:
        """The verdict on one address."""
        return f"verify:{contact.email}".lower()

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought | Ticket]:
        """One job, or a few single checks."""
        addresses = [contact.email or "" for contact in contacts]
        if len(addresses) < JOB_FROM:
            return (yield from one_by_one(addresses, drift))
        return Ticket(str((yield from hand_in(addresses))))

    def collect(self, ticket: Ticket, number: int, drift: Drift, *, waits: bool = True) -> Conversation[Bought]:
        """The verdicts of a job."""
        judged = yield from fetch(int(ticket.id), number, drift, waits=waits)
        return Bought(replies=judged.verdicts, credits=judged.credits)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """The address with its status; the verdict may not say which one it is about."""
        found = read_verdict(reply)
        found.email = found.email or contact.email
        return found


def one_by_one(addresses: Sequence[str], drift: Drift) -> Conversation[Bought]:
    """A single check for each address; an error ends it with the verdicts that there are."""
    verdicts: list[bytes | None] = []
    ended_by = None
    for address in addresses:
        try:
            reply = yield single_call(address)
            verdicts.append(read_single(reply, address, drift))
        except Exception as error:
            if not verdicts:
                raise
            ended_by = error
            break
    return Bought(replies=verdicts, credits=float(len(verdicts)), ended_by=ended_by)
