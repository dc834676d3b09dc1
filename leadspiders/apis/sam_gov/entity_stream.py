"""Takes the entities of a large JSON extract one by one, so that a million of them are never in memory together."""

import json
import re
from collections.abc import Iterator
from typing import IO, Any

from leadspiders.errors import Unreadable

PIECE = 1024 * 1024  # characters; an entity has some 20,000
LIST = re.compile(r'\s*(?:\[|\{.*?"entityData"\s*:\s*\[)', re.DOTALL)
BETWEEN = re.compile(r"\s*(?P<mark>[,\]]?)\s*")


def entities(text: IO[str]) -> Iterator[Any]:
    """The elements of `entityData`, or of a bare list; raises `Unreadable` where the text ends or is no JSON."""
    decoder = json.JSONDecoder()
    rest = text.read(PIECE)
    start = LIST.match(rest)
    if start is None:
        raise Unreadable("SAM.gov's answer has no list entityData")
    rest = rest[start.end() :]
    at, more = 0, True
    while True:
        between = BETWEEN.match(rest, at)
        assert between
        if between["mark"] == "]":
            return
        try:
            found, at = decoder.raw_decode(rest, between.end())
        except ValueError:
            if not more:
                raise Unreadable("the file is no whole JSON document: get it again") from None
            piece = text.read(PIECE)
            rest, at, more = rest[at:] + piece, 0, bool(piece)
            continue
        yield found
