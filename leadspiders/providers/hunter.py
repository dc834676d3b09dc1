"""Hunter: the address of a person by name and domain, a verdict on an address, and all addresses of a company.

A page of the last costs what one address costs, whether the people on it are leads or not. Of most companies one or two
leads lack their address, and the finder is paid for those alone, and only for those it finds; where many people of few
companies are wanted the page is cheaper. So it is asked only where a campaign names it, as `hunter/domain`.
"""

from collections.abc import Sequence
from typing import ClassVar

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Conversation
from leadspiders.apis.hunter.domain import page_of, search
from leadspiders.apis.hunter.finder import finder_call, read_finding, read_found
from leadspiders.apis.hunter.verifier import read_verdict, verify
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought, Offer
from leadspiders.rules.likeness import named_among


class Hunter:
    """The provider."""

    name: ClassVar[str] = "hunter"

    def offers(self) -> Sequence[Offer]:
        """An address, a verdict on one, and the addresses of a company."""
        return (Finder(), Verifier(), DomainSearch())

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

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One call."""
        [contact] = contacts
        reply = yield finder_call(
            domain=contact.company.domain or "",
            first_name=contact.first_name or "",
            last_name=contact.last_name or "",
            full_name=contact.full_name or "",
        )
        raw, credits_charged = read_found(reply, drift)
        return Bought(replies=[raw], credits=credits_charged)

    def read(self, reply: bytes, contact: Contact) -> Contact:
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

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One question, asked until it is answered."""
        [contact] = contacts
        verified = yield from verify(contact.email or "", drift)
        return Bought(replies=[verified.raw], credits=verified.credits)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """The address with its status."""
        return read_verdict(reply)


class DomainSearch:
    """The addresses that Hunter has of a company, up to a hundred for one price: all who ask about it share them."""

    provider: ClassVar[str] = "hunter"
    name: ClassVar[str] = "domain"
    fills: ClassVar[frozenset[str]] = Finder.fills
    batch: ClassVar[int] = 10
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Somebody without an address whose name, in two parts, and company's domain are known."""
        return bool(contact.first_name and contact.last_name and contact.company.domain and not contact.email)

    def fact(self, contact: Contact) -> str:
        """The page of one domain, whoever is looked for on it."""
        return f"domain:{contact.company.domain}".lower()

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One call a company; an error ends it with the pages that there are."""
        pages: dict[str, bytes | None] = {}
        replies: list[bytes | None] = []
        credits_charged, ended_by = 0.0, None
        for contact in contacts:
            fact = self.fact(contact)
            if fact not in pages:
                try:
                    pages[fact], price = yield from search(contact.company.domain or "", drift)
                except Exception as error:
                    if not replies:
                        raise
                    ended_by = error
                    break
                credits_charged += price
            replies.append(pages[fact])
        return Bought(replies=replies, credits=credits_charged, ended_by=ended_by)

    def read(self, reply: bytes, contact: Contact) -> Contact | None:
        """The one on the page who has the name of whoever asks; never a guess."""
        return named_among(contact, page_of(reply).people)


def _name(contact: Contact) -> str | None:
    """The name Hunter is asked for, in one word."""
    if contact.first_name and contact.last_name:
        return f"{contact.first_name} {contact.last_name}"
    return contact.full_name
