"""Proxycurl, retired upstream: LinkedIn profiles and pages of a service that keeps its old contract."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import ClassVar

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Conversation, host
from leadspiders.apis.proxycurl.company import company_call, read_company
from leadspiders.apis.proxycurl.contract import API, read_look_up
from leadspiders.apis.proxycurl.profile import profile_call, read_profile, read_resolved, resolve_call
from leadspiders.errors import Unreadable
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought, Offer
from leadspiders.rules.waterfall import value_of


class Proxycurl:
    """The provider."""

    name: ClassVar[str] = "proxycurl"

    def offers(self) -> Sequence[Offer]:
        """A profile by URL, a profile by name and employer, a company by URL."""
        return (Profile(), Resolution(), Page())

    def retired(self, base_url: str) -> str | None:
        """At its own host: nothing is there since July 2025."""
        if host(base_url) != host(API.base_url):
            return None
        return (
            "Proxycurl is retired: it was shut down in July 2025. Set LEADS_PROXYCURL_URL to a service that keeps its"
            " contract, or take proxycurl out of the campaign"
        )


class Profile:
    """The profile of a person by its URL."""

    provider: ClassVar[str] = "proxycurl"
    name: ClassVar[str] = "profile"
    fills: ClassVar[frozenset[str]] = frozenset(
        ("full_name", "title", "profile_picture_url", "city", "state", "country")
    )
    batch: ClassVar[int] = 1
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Whoever has a profile, and lacks something that stands on it."""
        return bool(contact.linkedin_url) and any(value_of(contact, field) is None for field in self.fills)

    def fact(self, contact: Contact) -> str:
        """One profile."""
        return f"profile:{contact.linkedin_url}"

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One look-up."""
        [contact] = contacts
        return looked_up(profile_call(str(contact.linkedin_url)), read_profile, drift)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """The person."""
        return read_profile(reply)


class Resolution:
    """The profile of a person by name and the domain of the employer."""

    provider: ClassVar[str] = "proxycurl"
    name: ClassVar[str] = "resolution"
    fills: ClassVar[frozenset[str]] = Profile.fills - {"full_name"} | {"linkedin_url"}
    batch: ClassVar[int] = 1
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Whoever has a name in two parts and a company with a domain, and no profile."""
        named = contact.first_name and contact.last_name and contact.company.domain
        return bool(named) and not contact.linkedin_url

    def fact(self, contact: Contact) -> str:
        """One name at one domain."""
        return f"resolution:{contact.first_name} {contact.last_name}@{contact.company.domain}".lower()

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One look-up, with the profile in the same answer."""
        [contact] = contacts
        call = resolve_call(str(contact.first_name), str(contact.last_name), str(contact.company.domain))
        return looked_up(call, read_resolved, drift)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """The person."""
        return read_resolved(reply)


class Page:
    """A company by the URL of its page."""

    provider: ClassVar[str] = "proxycurl"
    name: ClassVar[str] = "company"
    fills: ClassVar[frozenset[str]] = frozenset(("website", "industry", "employees", "founded_year"))
    batch: ClassVar[int] = 1
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Whoever has a company with a page, and lacks something that stands on it."""
        return bool(contact.company.linkedin_url) and any(value_of(contact, field) is None for field in self.fills)

    def fact(self, contact: Contact) -> str:
        """One page."""
        return f"company:{contact.company.linkedin_url}"

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One look-up."""
        [contact] = contacts
        return looked_up(company_call(str(contact.company.linkedin_url)), read_company, drift)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """The company, without a person."""
        return Contact(company=read_company(reply))


def looked_up(call: Call, read: Callable[[bytes, Drift], object], drift: Drift) -> Conversation[Bought]:
    """The answer to one look-up; nothing found is free. What cannot be read is kept all the same: it was paid for."""
    body = read_look_up((yield call))
    with suppress(Unreadable):
        read(body or b"", drift)
    return Bought(replies=[body], credits=0.0 if body is None else 1.0)
