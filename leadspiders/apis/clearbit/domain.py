"""The domain of a company, by its name."""

from typing import ClassVar

import msgspec

from leadspiders.apis.clearbit.look_up import look_up_call
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call
from leadspiders.apis.records import read_records
from leadspiders.errors import Unreadable
from leadspiders.items.company import Company

PATH = "/v1/domains/find"


class Named(msgspec.Struct):
    """What goes by a name."""

    domain: str
    name: str | None = None

    dropped: ClassVar = frozenset({"logo"})


def find_domain_call(name: str) -> Call:
    """The call for the domain of a company; a request of the period, found or not."""
    return look_up_call(PATH, "name", name, "find domain")


def read_domain(raw: bytes, drift: Drift | None = None) -> Company:
    """The company with its domain; raises `Unreadable` for another body."""
    try:
        read, broken = read_records([msgspec.json.decode(raw)], Named, "clearbit.domains", drift)
    except msgspec.DecodeError as error:
        raise Unreadable("Clearbit's domain is no JSON") from error
    if not read:
        raise Unreadable(f"Clearbit's domain cannot be read: {broken[0].reason if broken else 'it is empty'}")
    found, _ = read[0]
    return Company(name=found.name, domain=found.domain, website=found.domain)
