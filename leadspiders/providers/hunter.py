"""Hunter: the address of a person by name and domain, and a verdict on an address.

Its domain search is no offer: a page costs what one address costs, whether the people on it are leads or not. Of most
companies one or two leads lack their address, and the finder is paid for those alone, and only for those it finds.
"""

from collections.abc import Sequence
from typing import ClassVar

from leadspiders.apis.http import Conversation
from leadspiders.apis.hunter.finder import finder_call, read_finding, read_found
from leadspiders.apis.hunter.verifier import read_verdict, verify
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought, Offer


class Hunter:
    """The provider."""

    name: ClassVar[str] = "hunter"

    def offers(self) -> Sequence[Offer]:
        """An address, and a verdict on one."""
        return (Finder(), Verifier())

    def retired(self, base_url: str) -> str | None:
        """In service."""
        return None


class Finder:
    """Looks an address up by name and domain, one to a call; nothing found costs nothing."""

    provider: ClassVar[str] = "hunter"
    name: ClassVar[str] = "find"
    fills: ClassVar[frozenset[str]] = frozenset(("email", "title", "phone", "linkedin_url"))
    batch: ClassVar[int] = 1
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Somebody without an address whose full name and company's domain are known."""
        return bool(_name(contact) and contact.company.domain and not contact.email)

    def fact(self, contact: Contact) -> str:
        """The same name at the same domain is one fact."""
        return f"find:{_name(contact)}@{contact.company.domain}".lower()

    def ask(self, contacts: Sequence[Contact]) -> Conversation[Bought]:
        """One call."""
        [contact] = contacts
        reply = yield finder_call(
            domain=contact.company.domain or "",
            first_name=contact.first_name or "",
            last_name=contact.last_name or "",
            full_name=contact.full_name or "",
        )
        raw, credits_charged = read_found(reply)
        return Bought(replies=[raw], credits=credits_charged)

    def read(self, reply: bytes) -> Contact:
        """The address, with what Hunter knows of its owner."""
        return read_finding(reply)


class Verifier:
    """Judges an address, one to a conversation: it may have to ask again until the mail server has answered."""

    provider: ClassVar[str] = "hunter"
    name: ClassVar[str] = "verify"
    fills: ClassVar[frozenset[str]] = frozenset(("email_status",))
    batch: ClassVar[int] = 1
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Whoever has an address, whatever somebody else said of it."""
        return bool(contact.email)

    def fact(self, contact: Contact) -> str:
        """The verdict on one address."""
        return f"verify:{contact.email}".lower()

    def ask(self, contacts: Sequence[Contact]) -> Conversation[Bought]:
        """One question, asked until it is answered."""
        [contact] = contacts
        verified = yield from verify(contact.email or "")
        return Bought(replies=[verified.raw], credits=verified.credits)

    def read(self, reply: bytes) -> Contact:
        """The address with its status."""
        return read_verdict(reply)


def _name(contact: Contact) -> str | None:
    """The name Hunter is asked for, in one word."""
    if contact.first_name and contact.last_name:
        return f"{contact.first_name} {contact.last_name}"
    return contact.full_name
