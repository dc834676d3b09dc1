"""Who of a block a record may be: the few whose names are nearly the same, judged one by one."""

from collections.abc import Sequence
from uuid import UUID

from rapidfuzz import fuzz

from leadspiders.rules.likeness import Verdict
from leadspiders.stores.postgres.kind import Kind, T

# Below this the names of a block are alike by chance (`First Choice Dental`, `First Choice Realty`).
WORTH_A_LOOK = 88
# So many of one block are compared: a chain with a hundred shops in a state would else be compared shop by shop.
MOST_COMPARED = 25


def likely(kind: Kind[T], item: T, items: Sequence[tuple[UUID, T]]) -> list[tuple[UUID, Verdict]]:
    """Those of the items that may be this one, the most alike first, sure ones before all."""
    if not items:
        return []
    named = kind.name(item)
    alike = ((key, other) for key, other in items[:MOST_COMPARED] if _alike(named, kind.name(other)))
    judged = [(key, kind.judge(item, other)) for key, other in alike]
    worth = [one for one in judged if one[1].outcome != "different" and one[1].likeness >= WORTH_A_LOOK]
    return sorted(worth, key=lambda one: (one[1].outcome != "same", -one[1].likeness))


def _alike(one: str | None, other: str | None) -> bool:
    """A tenth of what judging costs, and most of a block fall here."""
    return one is None or other is None or fuzz.token_sort_ratio(one, other) >= WORTH_A_LOOK
