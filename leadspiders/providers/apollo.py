"""Apollo: the whole person behind a masked search result, and the employer at a domain, ten to a call."""

from collections.abc import Sequence
from typing import ClassVar

from leadspiders.apis.apollo.match import MOST_AT_ONCE, bulk_match_call, read_match, read_matches
from leadspiders.apis.apollo.organizations import bulk_enrich_call, read_employer, read_enriched
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Conversation
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought, Offer
from leadspiders.rules.waterfall import value_of


class Apollo:
    """The provider."""

    name: ClassVar[str] = "apollo"

    def offers(self) -> Sequence[Offer]:
        """The match of a person, and what a company is."""
        return (Match(), Employer())

    def retired(self, base_url: str) -> str | None:
        """In service."""
        return None


class Match:
    """Matches by Apollo's own id, the only key a search result has."""

    provider: ClassVar[str] = "apollo"
    name: ClassVar[str] = "match"
    fills: ClassVar[frozenset[str]] = frozenset(
        ("full_name", "email", "linkedin_url", "title", "seniority", "profile_picture_url", "city", "state", "country")
    ) | {"domain", "website", "industry", "employees", "founded_year", "annual_revenue", "company_phone"}
    batch: ClassVar[int] = MOST_AT_ONCE
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Anybody Apollo knows by id whose last name is still masked."""
        return bool(contact.provider_key and contact.provider_key.startswith("apollo:") and not contact.last_name)

    def fact(self, contact: Contact) -> str:
        """The match of one id."""
        return f"match:{contact.provider_key}"

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One bulk call."""
        ids = [str(contact.provider_key).partition(":")[2] for contact in contacts]
        matches = read_matches((yield bulk_match_call(ids)), drift)
        return Bought(replies=matches.of(ids), credits=matches.credits)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """The person of one match."""
        return read_match(reply)


class Employer:
    """A company by its domain: as much as a match tells of it, for those that are leads without a person."""

    provider: ClassVar[str] = "apollo"
    name: ClassVar[str] = "organization"
    fills: ClassVar[frozenset[str]] = frozenset(
        ("website", "industry", "naics_code", "employees", "founded_year", "annual_revenue", "company_phone")
    )
    batch: ClassVar[int] = MOST_AT_ONCE
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Whoever has a company with a domain, of which something is missing."""
        return bool(contact.company.domain) and any(value_of(contact, field) is None for field in self.fills)

    def fact(self, contact: Contact) -> str:
        """The company of one domain."""
        return f"organization:{contact.company.domain}"

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One bulk call."""
        domains = [str(contact.company.domain) for contact in contacts]
        found = read_enriched((yield bulk_enrich_call(domains)), drift)
        return Bought(replies=found.of(domains), credits=found.credits)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """The company, without a person."""
        return Contact(company=read_employer(reply))
