"""Names of people: split in first and last, freed of titles and credentials, in the case a person would write.

nameparser does the splitting (particles, suffixes, "Last, First"); names that hold nothing to split off, nine of ten in
practice, are read without it, since it takes 250 us a name.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from nameparser import Lexicon, ParsedName, Parser

from leadspiders.rules.casing import capital, one_case, titled
from leadspiders.rules.text import NOTHING, fold, tidy

# Generations belong to the name; MBA, CPA, SHRM-CP do not.
_GENERATIONS = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV", "v": "V"}
# Titles to nameparser, given names to the people who carry them.
_GIVEN_NAMES = frozenset({
    "abbot", "author", "baba", "bard", "baron", "bishop", "burgess", "canon", "cardinal", "chancellor", "count",
    "deacon", "field", "graf", "grand", "guru", "imam", "judge", "king", "knight", "lady", "lama", "lord", "mahdi",
    "master", "pilot", "pir", "pope", "prince", "princess", "prior", "queen", "ranger", "ritter", "rock", "royal",
    "saint", "shaik", "shaikh", "sheik", "sheikh", "sultan", "sultana",
})  # fmt: skip
_ALL = Lexicon.default()
_LEXICON = _ALL.remove(titles=_GIVEN_NAMES, given_name_titles=_GIVEN_NAMES & _ALL.given_name_titles)
_PARSER = Parser(lexicon=_LEXICON)
_SPECIAL = _LEXICON.titles | _LEXICON.particles | _LEXICON.suffix_acronyms | _LEXICON.suffix_words
# What else stands in a name and is none: "and", "bin", "geb.", "Frau".
_BETWEEN = _LEXICON.conjunctions | _LEXICON.bound_given_names | _LEXICON.maiden_markers | _LEXICON.after_given_titles
_NO_NAMES = _SPECIAL | _BETWEEN | NOTHING
_PLAIN_NOT = _SPECIAL | NOTHING - {"nan"}  # Nan Smith is somebody
# Emoji and symbols; asterisk and bullet stay, they mark a masked name.
_SYMBOLS = re.compile(r"[^\w\s.,'\u2018\u2019`\"()\[\]*\u2022\-\u2010-\u2015|/&]|[_\d]")
# What people hang on their name: "Jane Doe | Growth", "Jane Doe - CFO", "Jane Doe @ Acme". A bullet in a word masks it.
_TAIL = re.compile(r"\s+(?:[-/@\u2013\u2014\u2022\u00b7]|at)\s.*$|\s*\|.*$")
_PRONOUNS = re.compile(r"[\s,(]+(?:she|he|they)\s?/\s?(?:her|hers|him|his|them|theirs|she|he|they)\b.*$", re.IGNORECASE)
_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})
# Two words of one case each and no surprise; MacDonald and Mack are told apart by nameparser.
_WORD = r"(?![Mm][Aa][Cc])(?:[A-Z][a-z]{2,}|[A-Z]{3,}|[a-z]{3,})"
_PLAIN = re.compile(f"{_WORD} {_WORD}")
# Two or three words in a case that is meant: "José Holland", "Mary Ann O'Neil", "Jay M. Faulkner-Williamson".
_CAPITAL = r"[A-Z\u00c0-\u00d6\u00d8-\u00de][a-z\u00df-\u00f6\u00f8-\u00ff]+"
_MEANT_WORD = rf"(?:[DLO]'|Ma?c)?{_CAPITAL}(?:-{_CAPITAL})*"
_MEANT = re.compile(rf"{_MEANT_WORD} (?:(?:[A-Z]\.|{_MEANT_WORD}) )?{_MEANT_WORD}")
# Words of letters, to which nothing is hung.
_LETTERS = r"[^\W\d_]+(?:['-][^\W\d_]+)*"
_BARE = re.compile(rf"{_LETTERS}(?: (?!at\b){_LETTERS})*")
_STARS = re.compile(r"[*\u2022]")
_INITIAL = re.compile(r"\w\.")
_LETTER = re.compile(r"[^\W\d_]")
_VOWELS = frozenset("aeiouy")


class PersonName(NamedTuple):
    """`full` is first, middle, last and generation (`suffix`: `Jr.`, `III`), without titles, credentials, nicknames."""

    full: str | None = None
    first: str | None = None
    last: str | None = None
    suffix: str | None = None


@lru_cache(maxsize=16_384)
def split(full: str | None) -> PersonName:
    """`DE LA CRUZ, JUAN, MBA` -> `Juan de la Cruz`, `Juan`, `de la Cruz`; one word alone is `full` and `first`.

    A masked name (`Dana Fi***d`) gives its first name and no more.
    """
    text = _bare(full)
    if text is None:
        return PersonName()
    if _PLAIN.fullmatch(text) and _PLAIN_NOT.isdisjoint(text.lower().split(" ")):
        first, last = (capital(word) for word in text.split(" "))
        return PersonName(f"{first} {last}", first, last)
    if _is_meant(text):
        first, *_, last = text.split(" ")
        return PersonName(text, first, last)
    name = _PARSER.parse(text)
    given = first_name(name.given)
    if masked(name.family) or (not name.family and masked(text)):
        return PersonName(first=given)
    generation = _generation(name)
    family = last_name(name.family)
    return PersonName(_joined(given, _cased(name.middle), family, generation), given, family, generation)


def first_name(text: str | None) -> str | None:
    """A given name or initial on its own, in its case and free of symbols; None when it is masked (`D***`)."""
    bare = _bare(text)
    return None if bare and _STARS.search(bare) else _cased(bare)


def last_name(text: str | None) -> str | None:
    """A family name on its own, without credentials (`SMITH, CPA` -> `Smith`); None when it is masked (`Sm***h`)."""
    bare = _bare(text)
    if bare is None or masked(bare):
        return None
    if " " not in bare and "," not in bare:
        return _cased(bare)
    if _is_meant(bare):
        return bare
    name = _PARSER.parse(f"Xy {bare}")
    family = _cased(_joined(name.middle, name.family))
    return None if masked(family) else family


def full_name(first: str | None, last: str | None, suffix: str | None = None) -> str | None:
    """The two names as one; None unless both are known, since a first name alone is no full name."""
    return _joined(first, last, suffix) if first and last else None


def masked(text: str | None) -> bool:
    """True for a name that a source hides in part: `Sm***h`, or an initial in place of a family name (`F.`)."""
    return text is not None and bool(_STARS.search(text) or _INITIAL.fullmatch(text.strip()))


def _bare(text: str | None) -> str | None:
    """Without emoji, digits and what hangs behind a bar; None when no letter is left."""
    clean = tidy(text)
    if clean is None or _BARE.fullmatch(clean):
        return clean
    clean = _PRONOUNS.sub("", _TAIL.sub("", clean.translate(_QUOTES)))
    clean = tidy(_TAIL.sub("", tidy(_SYMBOLS.sub(" ", clean)) or ""))
    clean = clean.replace("\u2019", "'").replace("\u2018", "'").replace("`", "'").strip(" ,-/&|'") if clean else None
    return clean if clean and _LETTER.search(clean) else None


def _is_meant(text: str) -> bool:
    """True for two or three words that nameparser would leave as they are: none is a particle, title or credential."""
    return bool(_MEANT.fullmatch(text)) and _NO_NAMES.isdisjoint(text.lower().split(" "))


def _generation(name: ParsedName) -> str | None:
    words = (word.strip(".").lower() for word in re.split(r"[,\s]+", name.suffix))
    return next((_GENERATIONS[word] for word in words if word in _GENERATIONS), None)


def _joined(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None


@lru_cache(maxsize=16_384)
def _cased(text: str | None) -> str | None:
    """In the case of a name, as nameparser knows Mc, O' and particles; mixed cases are meant, and so is JD."""
    if not text or not one_case(text) or (text.isupper() and len(text) == 2 and _VOWELS.isdisjoint(fold(text))):
        return text or None
    if " " not in text and not text.lower().startswith("mac"):
        return titled(text)
    # Parsed behind a given name, so that "DE LA CRUZ" is a family name and its particles stay small.
    cased = _PARSER.capitalized(_PARSER.parse(f"Xy {text.lower()}"), force=True)
    return tidy(str(cased).removeprefix("Xy "))
