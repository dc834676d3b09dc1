"""Whom a call is about: the people whose data is in it, by the traits by which they can be asked for later.

The audit keeps no body, so that of a call which names people there, only this tells whom it named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeVar
from urllib.parse import unquote_plus

from leadspiders.apis.http import Call, Conversation, Reply, carried
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.suppression import traits

T = TypeVar("T")

OF_SEVERAL: Final = "domain"
"""The trait that is no person's own."""


def about(conversation: Conversation[T], leads: Sequence[Contact | Company]) -> Conversation[T]:
    """The same conversation, each of whose calls says who of these leads it names: a poll names nobody."""

    def named(call: Call) -> Conversation[Reply]:
        return (yield replace(call, subjects=subjects(call, leads)))

    return carried(conversation, named)


def subjects(call: Call, leads: Iterable[Contact | Company]) -> tuple[str, ...]:
    """The traits of those who are named in a call: e-mail, phone, LinkedIn URL, a provider's id."""
    text = f"{unquote_plus(call.url(''))}\n{call.body().decode()}".lower()
    return tuple(dict.fromkeys(trait for lead in leads for trait in _named(lead, text)))


def _named(lead: Contact | Company, text: str) -> list[str]:
    own = [(kind, value) for kind, value in traits(lead) if kind != OF_SEVERAL]
    marks = [_mark(kind, value) for kind, value in own]
    there = any(mark in text for mark in marks) or (isinstance(lead, Contact) and _by_name(lead, text))
    return [value for _, value in own] if there else []


def _mark(kind: str, value: str) -> str:
    """What of a trait stands in any call that holds it, however it is written there."""
    if kind == "provider":
        return value.partition(":")[2].lower()
    return value.rstrip("/").rpartition("/")[2].lower() if kind == "linkedin" else value.lower()


def _by_name(person: Contact, text: str) -> bool:
    if person.full_name and person.full_name.lower() in text:
        return True
    names = (person.first_name, person.last_name)
    return all(name and name.lower() in text for name in names)
