"""Phone numbers in E.164, with the extension kept apart and what kind of line it is.

A number that could exist but is not assigned is kept and flagged: numbering plans move faster than their tables.
"""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from leadspiders.rules.text import tidy

# North American area codes and exchanges start with 2-9, so 0000000000 and 1234567890 are placeholders.
_NANP = 1
_TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
# A North American number as most write it: the library is asked only whether it is assigned.
_PLAIN = re.compile(r"(?:\+?1[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-]?)[2-9][0-9]{2}[ .-]?[0-9]{4}")
_BETWEEN_DIGITS = re.compile(r"[^0-9]+")
# What spreadsheets and people hang on a number: 9372231234.0, 937-223-1234 (mobile).
_TAIL = re.compile(r"(?<=\d{7})\.0+$|\s*\([^\W\d][^()\d]*\)$")
_KINDS = {
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.MOBILE: "mobile",
    # North America has one range for both; only a carrier look-up can tell.
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed-or-mobile",
    PhoneNumberType.TOLL_FREE: "toll-free",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "shared-cost",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "personal",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "company",
    PhoneNumberType.VOICEMAIL: "voicemail",
}


class Phone(NamedTuple):
    """`number` is E.164, None when there is none.

    Flags: `phone-invalid` (no number), `phone-unassigned` (possible, but in no assigned range), `phone-fictional`
    (555-01xx, reserved for examples: kept, never to be dialed), `phone-toll-free` and `phone-premium` (a desk's line,
    or one that costs the caller: nobody's own).
    """

    number: str | None = None
    extension: str | None = None
    flags: tuple[str, ...] = ()


@lru_cache(maxsize=16_384)
def check(text: str | None, region: str = "US") -> Phone:
    """Read one number; `region` (ISO 3166 alpha-2) is where a number without a country code is dialed."""
    raw = tidy(text)
    if raw is None:
        return Phone()
    if _PLAIN.fullmatch(raw) and (region == "US" or raw[0] == "+"):
        national = _BETWEEN_DIGITS.sub("", raw)[-10:]
        return Phone(f"+1{national}", None, _flags(PhoneNumber(_NANP, int(national)), national))
    try:
        found = phonenumbers.parse(_TAIL.sub("", raw), region)
    except phonenumbers.NumberParseException:
        return Phone(flags=("phone-invalid",))
    national = str(found.national_number)
    if found.country_code == _NANP:
        possible = len(national) == 10 and national[0] > "1" and national[3] > "1" and not found.italian_leading_zero
    else:
        possible = phonenumbers.is_possible_number(found)
    if not possible:
        return Phone(flags=("phone-invalid",))
    number = phonenumbers.format_number(found, PhoneNumberFormat.E164)
    return Phone(number, found.extension or None, _flags(found, national))


def e164(text: str | None, region: str = "US") -> str | None:
    """`(937) 555-0123 x4` -> `+19375550123`, or None."""
    return check(text, region).number


@lru_cache(maxsize=16_384)
def kind(text: str | None, region: str = "US") -> str:
    """`mobile`, `fixed`, `fixed-or-mobile`, `toll-free`, `premium`, `voip`, ... or `unknown`."""
    number = e164(text, region)
    return _KINDS.get(phonenumbers.number_type(phonenumbers.parse(number)), "unknown") if number else "unknown"


def _flags(found: PhoneNumber, national: str) -> tuple[str, ...]:
    if found.country_code == _NANP and national[3:8] == "55501":
        return ("phone-fictional",)
    if found.country_code == _NANP and national[:3] in _TOLL_FREE:
        return ("phone-toll-free",)
    if found.country_code == _NANP and national[:3] == "900":
        return ("phone-premium",)
    # Of the 25 regions that share +1 the first is asked alone: all of them take 200 us.
    if found.country_code == _NANP and phonenumbers.is_valid_number_for_region(found, "US"):
        return ()
    return () if phonenumbers.is_valid_number(found) else ("phone-unassigned",)
