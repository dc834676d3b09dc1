"""What every provider is: it says what it can add, asks in its API's own batches, and reads what was bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from leadspiders.apis.http import Conversation
from leadspiders.items.contact import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What a conversation brought: one raw reply a contact, in their order (None: the provider does not know them),
    and the credits that were charged for all of them."""

    replies: Sequence[bytes | None]
    credits: float


class Provider(Protocol):
    """Built without arguments. `batch` is the most contacts a call takes, `credits_each` the most one of them costs."""

    name: ClassVar[str]
    batch: ClassVar[int]
    credits_each: ClassVar[float]

    def wants(self, contact: Contact) -> bool:
        """Whether this provider can add to the contact."""
        ...

    def fact(self, contact: Contact) -> str:
        """What would be bought, in one word: the same fact is bought once."""
        ...

    def ask(self, contacts: Sequence[Contact]) -> Conversation[Bought]:
        """The calls that buy the facts of these contacts; raises the errors of `apis`."""
        ...

    def read(self, reply: bytes) -> Contact:
        """What a raw reply says, as a contact of its own."""
        ...
