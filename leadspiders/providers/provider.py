"""What every provider is: it has offers, and each offer says what it can add, asks in batches, and reads replies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, runtime_checkable

from leadspiders.apis.drift import Drift
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


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a job that was handed in, and paid for, is known by at the provider."""

    id: str


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

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought | Ticket]:
        """The calls that buy the facts of these contacts, or that hand in a job about them; raises the errors of
        `apis`. What differs from the contract of the API is noted in `drift`."""
        ...

    def read(self, reply: bytes, contact: Contact) -> Contact | None:
        """What a raw reply says of the contact who asked, as a contact of its own; None where it does not know them,
        for a reply may be about several. Raises `Unreadable`."""
        ...


@runtime_checkable
class Jobs(Offer, Protocol):
    """An offer whose provider takes its time: `ask` hands a job in, and the answers are collected by its ticket."""

    def collect(self, ticket: Ticket, number: int, drift: Drift, *, waits: bool = True) -> Conversation[Bought]:
        """The free calls that collect the answers about so many contacts, in the order in which they were handed in;
        without `waits` one look, that takes what there is. Raises `Unavailable` when it is not done."""
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
