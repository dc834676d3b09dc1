"""The name of a company without its legal form, by cleanco.

cleanco holds every name against all of its 321 forms. The last word of most names ends none of them, and then nothing
goes; else only those count whose last word is in the name.
"""

from functools import cache

from cleanco.clean import custom_basename, normalized, prepare_default_terms, strip_punct, strip_tail

Form = tuple[int, list[str]]
"""How many words, and which: as cleanco keeps them."""


def without_form(name: str) -> str:
    """`Ohio Gear Works, L.L.C.` -> `Ohio Gear Works`: what `cleanco.basename` says, in a quarter of the time."""
    bare: str = strip_tail(name)
    plain = bare.lower() if bare.isascii() else normalized(bare)
    words = [strip_punct(word) for word in plain.split()]
    forms = _forms()
    if not words or words[-1] not in forms:
        return " ".join(bare.split())
    likely = sorted(ranked for word in set(words) for ranked in forms.get(word, ()))
    return str(custom_basename(bare, [form for _, form in likely]))


@cache
def _forms() -> dict[str, list[tuple[int, Form]]]:
    """The forms by their last word, each with its place in cleanco's order: the longest are tried first."""
    found: dict[str, list[tuple[int, Form]]] = {}
    for ranked in enumerate(prepare_default_terms()):
        found.setdefault(ranked[1][1][-1], []).append(ranked)
    return found
