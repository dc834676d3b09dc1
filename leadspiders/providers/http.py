"""The APIs that files describe: one offer each, asked one lead at a time."""

from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar

from leadspiders.apis.described.answer import read_answer, read_fields
from leadspiders.apis.described.description import Description
from leadspiders.apis.described.known import DESCRIBED, MISTAKES
from leadspiders.apis.described.question import question_call, values
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Conversation
from leadspiders.errors import SetupError, Unreadable
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought, Offer
from leadspiders.rules.waterfall import value_of

VERDICT = "email_status"
BESIDE = frozenset({"first_name", "last_name", "company_name"})
"""What an answer may hold and no campaign asks for."""


class Http:
    """The provider."""

    name: ClassVar[str] = "http"

    def offers(self) -> Sequence[Offer]:
        """One for each file; raises `SetupError` where a file has a mistake, or none is named."""
        if MISTAKES:
            raise SetupError("\n".join(MISTAKES))
        if not DESCRIBED:
            raise SetupError("no API is described: name the TOML files of your APIs in LEADS_HTTP_PROVIDERS")
        return tuple(Described(description) for description in DESCRIBED.values())

    def retired(self, base_url: str) -> str | None:
        """In service, as far as anybody here knows."""
        return None


class Described:
    """What one described API sells. It sells a verdict if it is asked about an address."""

    provider = "http"
    batch = 1

    def __init__(self, description: Description) -> None:
        self.description = description
        self.name = description.name
        judges = "email" in description.needed
        held_already = BESIDE | description.needed | (frozenset() if judges else {VERDICT})
        self.fills: frozenset[str] = frozenset(description.fills) - held_already
        self.credits_each = description.credits

    def wants(self, contact: Contact) -> bool:
        """Whoever has what the question needs, and lacks something that the answer holds."""
        if not self.description.needed <= values(contact).keys():
            return False
        return any(field == VERDICT or value_of(contact, field) is None for field in self.fills)

    def fact(self, contact: Contact) -> str:
        """The question as it goes out."""
        call = question_call(self.description, values(contact))
        return f"{self.name}:{call.url('')}\n{call.body().decode()}".lower()

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        """One call."""
        [contact] = contacts
        body = read_answer(self.description, (yield question_call(self.description, values(contact))))
        with suppress(Unreadable):
            read_fields(self.description, body or b"", drift)
        charged = body is not None or self.description.charged == "asked"
        return Bought(replies=[body], credits=self.description.credits if charged else 0.0)

    def read(self, reply: bytes, contact: Contact) -> Contact:
        """What the file points at."""
        return read_fields(self.description, reply)
