"""Apollo's paid match: the whole person behind a masked search result, ten to a call."""

from collections.abc import Sequence
from typing import ClassVar

from leadspiders.apis.apollo.match import MOST_AT_ONCE, bulk_match_call, read_match, read_matches
from leadspiders.apis.http import Conversation
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought


class Apollo:
    """Matches by Apollo's own id, the only key a search result has."""

    name: ClassVar[str] = "apollo"
    batch: ClassVar[int] = MOST_AT_ONCE
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        """Anybody Apollo knows by id whose last name is still masked."""
        return bool(contact.provider_key and contact.provider_key.startswith("apollo:") and not contact.last_name)

    def fact(self, contact: Contact) -> str:
        """The match of one id."""
        return f"match:{contact.provider_key}"

    def ask(self, contacts: Sequence[Contact]) -> Conversation[Bought]:
        """One bulk call."""
        ids = [str(contact.provider_key).partition(":")[2] for contact in contacts]
        matches = read_matches((yield bulk_match_call(ids)))
        return Bought(replies=matches.of(ids), credits=matches.credits)

    def read(self, reply: bytes) -> Contact:
        """The person of one match."""
        return read_match(reply)
