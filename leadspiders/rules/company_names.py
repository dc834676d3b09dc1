"""Names of companies: one form for matching, one for showing.

SAM.gov writes `OHIO GEAR WORKS LLC`, Apollo `Ohio Gear Works`: they must meet, and nobody wants to read capitals.
"""

import re
from functools import lru_cache

from leadspiders.rules.casing import capital
from leadspiders.rules.legal_forms import without_form
from leadspiders.rules.text import fold, tidy

_DBA = re.compile(
    r"(.+)[\s,;(]+(?:d[./]?\s?b[./]?\s?a[./]?|doing business as|trading as|t/a)[\s:]+(.+?)\)?", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019&][^\W_]+)*")
# Legal forms whose letters stand apart, which cleanco does not see.
_SPELLED = re.compile(r" (?:l l c|l l p|l p|n a|p a|p c|p l l c)$")
# 3M, A&P, AT&T: capitals whatever their vowels.
_SIGN = re.compile(r"\d+[A-Z]|[A-Z]{1,3}&[A-Z]{1,3}")
_SMALL = frozenset({"a", "an", "and", "at", "by", "de", "for", "in", "of", "on", "or", "the", "to"})
# Those without a vowel (LLC, KPMG) need no entry. AG, NA, PA and SA are legal forms.
_ACRONYMS = frozenset({
    "AAA", "ABB", "ADP", "AG", "AIG", "AOL", "BAE", "DBA", "EMC", "EMS", "ESI", "ESPN", "GE", "GIS", "GSA", "HCA",
    "HVAC", "IBM", "IEEE", "II", "III", "IT", "ITT", "IV", "NA", "NASA", "NYC", "OEM", "PA", "SA", "SAIC", "SAP",
    "SAS", "UHS", "UPS", "URS", "US", "USA", "USAA", "USC", "UTC", "YMCA", "YWCA",
})  # fmt: skip
# Abbreviations without a vowel that are no acronyms.
_SHORT = frozenset({
    "bldg", "blvd", "bros", "ctr", "dept", "dr", "ft", "grp", "hldgs", "intl", "jr", "ltd", "mfg", "mgmt", "mktg",
    "mr", "mrs", "mt", "pvt", "sr", "st", "svc", "svcs",
})  # fmt: skip
_VOWELS = frozenset("aeiouy")
# One word, two spellings: registers cut words to fit, people write them out.
_SPELLED_OUT = {
    "assoc": "associates", "assocs": "associates", "bros": "brothers", "centre": "center", "ctr": "center",
    "grp": "group", "hldgs": "holdings", "hosp": "hospital", "intl": "international", "mfg": "manufacturing",
    "mgmt": "management", "mktg": "marketing", "natl": "national", "saint": "st", "svc": "service", "svcs": "services",
    "univ": "university",
}  # fmt: skip
_NOTE = re.compile(
    r"\s*\((?:formerly|fka|f/k/a|previously|acquired|now part|a division|part of|yc )[^()]*\)\s*$", re.IGNORECASE
)
_LAST_THE = re.compile(r"^(.+), the$", re.IGNORECASE)
# What people without an employer write: no two of them work for the same firm.
_NO_EMPLOYER = frozenset({
    "self employed", "selfemployed", "self", "freelance", "freelancer", "freelancing", "independent", "consultant",
    "independent consultant", "independent contractor", "confidential", "stealth", "stealth startup", "stealth mode",
    "stealth mode startup", "unemployed", "retired", "various", "private", "student", "home", "seeking opportunities",
    "open to work", "not employed", "undisclosed", "company", "employer", "unknown",
})  # fmt: skip


@lru_cache(maxsize=16_384)
def clean(name: str | None) -> str | None:
    """For matching: no legal form, no The, no accents or punctuation, lower case (`The Acme Co., Inc.` -> `acme`).

    Of `X dba Y` it is Y, the name that other sources use.
    """
    legal, trade = dba(name)
    text = trade or legal
    if text is None:
        return None
    text = _LAST_THE.sub(r"\1", _NOTE.sub("", text))
    text = re.sub(r"['\u2019]", "", text.replace("&", " and "))
    text = fold(without_form(text)) or fold(text)
    # Round after round, since "Acme Co. Ltd." carries two forms and "L. L. C." shows only once its dots are gone.
    while shorter := _SPELLED.sub("", fold(without_form(text))).removeprefix("the ").removesuffix(" and"):
        if shorter == text:
            break
        text = shorter
    return " ".join(_SPELLED_OUT.get(word, word) for word in text.split()) or None


def names_employer(name: str | None) -> bool:
    """False for what people without an employer write (`Self-employed`, `Stealth Startup`), and for nothing."""
    found = clean(name)
    return found is not None and found not in _NO_EMPLOYER


@lru_cache(maxsize=16_384)
def display(name: str | None) -> str | None:
    """For showing: ALL CAPS as a name (`OHIO GEAR WORKS LLC` -> `Ohio Gear Works LLC`), anything else as written."""
    text = tidy(name)
    if text is None or not text.isupper() or len(text) <= 3:
        # Three capitals alone are an acronym: ADP, UPS.
        return text
    return _WORD.sub(_word, text)


@lru_cache(maxsize=16_384)
def dba(name: str | None) -> tuple[str | None, str | None]:
    """The legal name and, of `X dba Y`, the name it trades under (None where there is only one)."""
    text = tidy(name)
    found = _DBA.fullmatch(text) if text else None
    return (found[1].strip(" ,;("), found[2].strip(" ,;)")) if found else (text, None)


def _word(found: re.Match[str]) -> str:
    raw, low = found[0], found[0].lower()
    if _SIGN.fullmatch(raw) or (len(raw) == 1 and found.string[found.end() :].startswith(".")):
        return raw
    if low in _SMALL and found.start() > 0:
        return low
    acronym = raw in _ACRONYMS or (low not in _SHORT and _VOWELS.isdisjoint(low) and low[0].isalpha())
    return raw if acronym else capital(raw)
