"""How alike two job titles are: the same words in another order or spelled out are the same job."""

from functools import lru_cache

from rapidfuzz import fuzz

from leadspiders.rules.text import fold

# Only short forms that mean one thing in a title; the words around them stay.
_SPELLED_OUT = {
    "ads": "ad",
    "asst": "assistant",
    "ceo": "chief executive officer",
    "cfo": "chief financial officer",
    "chro": "chief human resources officer",
    "cmo": "chief marketing officer",
    "coo": "chief operating officer",
    "dir": "director",
    "exec": "executive",
    "hr": "human resources",
    "jr": "junior",
    "mgr": "manager",
    "mktg": "marketing",
    "ops": "operations",
    "sr": "senior",
    "svp": "senior vice president",
    "vp": "vice president",
}
_FILLERS = frozenset({"and", "for", "in", "of", "the"})


def likeness(title: str, wanted: str) -> int:
    """0-100. 100: the same words in the same order; at most 99 for another order, or for more words than wanted.

    `Sr. PPC Manager` has all words of `PPC Manager` and counts 99; `Manager` alone has not and falls to its letters.
    """
    given, asked = _words(title), _words(wanted)
    if given == asked:
        return 100
    if asked and set(asked) <= set(given):
        return 99
    return min(99, int(fuzz.token_sort_ratio(" ".join(given), " ".join(asked))))


@lru_cache(maxsize=16_384)  # titles repeat far more than people do
def closest(title: str, wanted: tuple[str, ...]) -> tuple[str, int] | None:
    """The wanted title that is most like `title`, with its likeness; None when nothing is wanted."""
    scored = ((name, likeness(title, name)) for name in wanted)
    return max(scored, key=lambda pair: pair[1], default=None)


@lru_cache(maxsize=16_384)
def _words(title: str) -> tuple[str, ...]:
    spelled_out = " ".join(_SPELLED_OUT.get(word, word) for word in fold(title).split())
    return tuple(word for word in spelled_out.split() if word not in _FILLERS)
