"""Whose answer is which, where Apollo answers under another key than it was asked by, or under none."""

from collections.abc import Sequence

Placed = tuple[str | None, bytes] | None
"""One answer of a bulk reply with the key that it came with; None: not found."""


def assigned(asked: Sequence[str], places: Sequence[Placed]) -> list[bytes | None]:
    """The answer to each key that was asked, in that order.

    By key. An answer under a key that nobody asked for (two records have become one, a company has moved) goes to the
    place it stands at only if the reply keeps the order of the call: every answer with a known key must stand at its
    own place, and one at least. Else it is believed only where one key and one answer are left over.
    """
    known = {place[0]: place[1] for place in places if place}
    found = {key: known.get(key) for key in asked}
    ordered = [place[0] == key for key, place in zip(asked, places, strict=False) if place and place[0] in found]
    strangers = [place[1] for place in places if place and place[0] not in found]
    left = [key for key, answer in found.items() if answer is None]
    if len(places) != len(asked):
        return [found[key] for key in asked]
    if ordered and all(ordered):
        found |= {key: place[1] for key, place in zip(asked, places, strict=True) if place and found[key] is None}
    elif len(left) == len(strangers) == 1:
        found[left[0]] = strangers[0]
    return [found[key] for key in asked]
