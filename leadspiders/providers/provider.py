"""What every provider is: it has offers, and each offer says what it can add, asks in batches, and reads replies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from leadspiders.apis.http import Conversation
from leadspiders.items.contact import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What a conversation brought: one raw reply a contact, in their order (None: the provider does not know them),
    and the credits that were charged for all of them.

    `ended_by` is what ended it early, where contacts are asked about one by one: the next one was being asked about
    then, and those behind it were not.
    """

    replies: Sequence[bytes | None] = field(repr=False)
    credits: float
    ended_by: Exception | None = None


class Offer(Protocol):
    """One thing a provider sells, at one price: a match, an address, a verdict on an address, a company.

    A company that is a lead itself comes as a contact without a person, `Contact(company=...)`.
    """

    @property
    def provider(self) -> str:
        """Its seller's name, as in campaign files, prices and caps."""
        ...

    @property
    def name(self) -> str:
        """What tells it from the seller's other offers."""
        ...

    @property
    def fills(self) -> frozenset[str]:
        """What it can add, in the words of campaign files (`campaigns.names.Fillable`); `email_status`: a verdict."""
        ...

    @property
    def batch(self) -> int:
        """The most contacts that a conversation takes."""
        ...

    @property
    def credits_each(self) -> float:
        """The most that one of them costs."""
        ...

    def wants(self, contact: Contact) -> bool:
        """Whether the contact holds what this offer needs to ask, and lacks what it sells."""
        ...

    def fact(self, contact: Contact) -> str:
        """What would be bought, in one word: the same fact is bought once."""
        ...

    def ask(self, contacts: Sequence[Contact]) -> Conversation[Bought]:
        """The calls that buy the facts of these contacts; raises the errors of `apis`."""
        ...

    def read(self, reply: bytes) -> Contact:
        """What a raw reply says, as a contact of its own; raises `Unreadable`."""
        ...


class Provider(Protocol):
    """A seller of facts. Built without arguments."""

    name: ClassVar[str]

    def offers(self) -> Sequence[Offer]:
        """What it sells, the most useful first."""
        ...

    def retired(self, base_url: str) -> str | None:
        """Why it cannot be asked at this base URL, in a sentence; None: it can."""
        ...
