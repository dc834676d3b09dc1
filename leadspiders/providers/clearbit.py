"""Clearbit, retired upstream: companies, people and domains of a service that keeps its old contract."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import ClassVar

from leadspiders.apis.clearbit.company import find_company_call, read_company
from leadspiders.apis.clearbit.contract import API
from leadspiders.apis.clearbit.domain import find_domain_call, read_domain
from leadspiders.apis.clearbit.look_up import look_up
from leadspiders.apis.clearbit.person import find_person_call, read_person
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Conversation, host
from leadspiders.errors import Unreadable
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought, Offer
from leadspiders.rules.waterfall import value_of


class Clearbit:
    """The provider."""

    name: ClassVar[str] = "clearbit"

    def offers(self) -> Sequence[Offer]:
        """A company by domain, a person by e-mail, a domain by name."""
        return (Employer(), Person(), Domain())

    def retired(self, base_url: str) -> str | None:
        """At its own hosts: it became a part of HubSpot and takes no new keys."""
        if not host(base_url).endswith("clearbit.com"):
            return None
        return (
            f"Clearbit is retired: {host(API.base_url)} takes no new keys since HubSpot bought it."
            " Set LEADS_CLEARBIT_URL to a service that keeps its contract, or take clearbit out of the campaign"
        )


class Employer:
    """A company by its domain. An unknown one costs as much as a known one."""

    provider: ClassVar[str] = "clearbit"
    name: ClassVar[str] = "company"
    fills: ClassVar[frozenset[str]] = frozenset(
        ("website", "industry", "naics_code", "employees", "founded_year", "annual_revenue", "company_phone")
    )
    batch: ClassVar[int] = 1
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Whoever has a company with a domain, of which something is missing."""
        return bool(contact.company.domain) and lacks(contact, self.fills)

    def fact(self, contact: Contact) -> str:
        """The company of one domain."""
        return f"company:{contact.company.domain}"

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One look-up."""
        [contact] = contacts
        return looked_up(find_company_call(str(contact.company.domain)), read_company, drift)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """The company, without a person."""
        return Contact(company=read_company(reply))


class Person:
    """A person and the employer by e-mail."""

    provider: ClassVar[str] = "clearbit"
    name: ClassVar[str] = "person"
    fills: ClassVar[frozenset[str]] = frozenset(
        ("full_name", "linkedin_url", "title", "seniority", "profile_picture_url", "city", "state", "country", "domain")
    ) | (Employer.fills)
    batch: ClassVar[int] = 1
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Whoever has an address that may be in use, and lacks something about the person."""
        usable = contact.email and contact.email_status != "invalid"
        return bool(usable) and lacks(contact, self.fills - Employer.fills)

    def fact(self, contact: Contact) -> str:
        """The person of one address."""
        return f"person:{contact.email}"

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One look-up."""
        [contact] = contacts
        return looked_up(find_person_call(str(contact.email)), read_person, drift)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """The person and the company."""
        return read_person(reply)


class Domain:
    """The domain of a company by its name: what the other two need to ask."""

    provider: ClassVar[str] = "clearbit"
    name: ClassVar[str] = "domain"
    fills: ClassVar[frozenset[str]] = frozenset(("domain", "website"))
    batch: ClassVar[int] = 1
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Whoever has a company with a name and no domain."""
        return bool(contact.company.name) and not contact.company.domain

    def fact(self, contact: Contact) -> str:
        """The domain of one name."""
        return f"domain:{str(contact.company.name).lower()}"

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One look-up."""
        [contact] = contacts
        return looked_up(find_domain_call(str(contact.company.name)), read_domain, drift)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """The company with its domain, without a person."""
        return Contact(company=read_domain(reply))


def lacks(contact: Contact, fields: frozenset[str]) -> bool:
    """Whether something that an offer sells is missing."""
    return any(value_of(contact, field) is None for field in fields)


def looked_up(call: Call, read: Callable[[bytes, Drift], object], drift: Drift) -> Conversation[Bought]:
    """The answer to one look-up, and its price; what cannot be read is kept all the same, since it was paid for."""
    found = yield from look_up(call)
    with suppress(Unreadable):
        read(found.body or b"", drift)
    return Bought(replies=[found.body], credits=found.credits)
