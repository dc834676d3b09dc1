"""Reads the monthly public extract: 900,000 registrations, one a line, streamed and never whole in memory.

142 fields between pipes, without quoting; the first and the last line name the version and how many records there are,
so that a file that was cut short is noticed. Mailing and contact blocks put the state after the country, the physical
address before the ZIP code: fields are taken by their place in the official layout.
"""

import re
from collections.abc import Iterable, Iterator

from leadspiders.apis.records import Broken, Refuse, put_aside
from leadspiders.apis.sam_gov.company import ROLES, Registration, marketing_use, person
from leadspiders.apis.sam_gov.sieve import Bundle, Sieve
from leadspiders.errors import Unreadable
from leadspiders.items.company import Company
from leadspiders.items.left_out import LeftOut

FIELDS = 142
END = "!end"
EDGE = re.compile(r"(?P<edge>BOF|EOF) (?P<what>PUBLIC V2) \d{8} (?P<date>\d{8}) (?P<count>\d+) (?P<sequence>\d+)")

# Some 0.03 % of the lines of a real file are broken; a file that starts like this has another layout.
MOST_BROKEN_FIRST = 100

# Places in a record, counted from 0.
UEI, CAGE, STATUS, NAME, CITY, STATE, COUNTRY, URL, NAICS = 0, 3, 5, 11, 17, 18, 21, 26, 32
HIDDEN, EVS_SOURCE = 118, 121
CONTACTS = tuple(zip(ROLES, range(46, 112, 11), strict=True))


def read_dat(
    lines: Iterable[str], *, sieve: Sieve | None = None, refuse: Refuse | None = None
) -> Iterator[Company | LeftOut]:
    """The companies of a `.dat` file, as its lines come in (split at LF only, decoded with `errors="replace"`).

    What `sieve` leaves out is counted, in bundles between the companies. A line that is no record (extra pipes in free
    text) goes to `refuse`, or raises `Unreadable` where there is none to take it. `Unreadable` too for a V1 or
    other file at once, for one whose every record is broken, and for a file that ends early after its last good record,
    with both counts.
    """
    stream = iter(lines)
    first = next(stream, "").removeprefix("\ufeff").strip()
    expected = _edge(first, "BOF")
    left = Bundle()
    broken = good = 0
    last = ""
    for line in stream:
        fields = line.rstrip("\r\n").split("|")
        if len(fields) != FIELDS or fields[-1] != END:
            if line.startswith("EOF "):
                last = line.strip()
                break
            broken += 1
            reason = f"record {good + broken}: {len(fields)} fields where the layout has {FIELDS}"
            if broken > MOST_BROKEN_FIRST and not good:
                raise Unreadable(f"none of the first {broken:,} records is one, as {reason}: the layout has changed")
            put_aside(Broken(index=good + broken - 1, reason=reason, raw=line.rstrip("\r\n")), refuse)
            continue
        good += 1
        if sieve is None or not (out := left_out(fields, sieve)):
            yield registration(fields).company()
        elif bundle := left.add(out):
            yield bundle
    if bundle := left.taken():
        yield bundle
    _check_count(expected, good, broken, last)


def left_out(fields: list[str], sieve: Sieve) -> str | None:
    """Why a record is left out, by its bare fields."""
    return sieve.reason(
        status=fields[STATUS].strip(),
        state=fields[STATE].strip(),
        country=fields[COUNTRY].strip(),
        naics=fields[NAICS].strip(),
        use=marketing_use(fields[EVS_SOURCE].strip(), hidden=fields[HIDDEN].strip() == "NPDY"),
    )


def _check_count(expected: int, good: int, broken: int, last: str) -> None:
    if not last:
        raise Unreadable(f"the file was cut short: {expected:,} records announced, {good:,} read, and no EOF line")
    announced = _edge(last, "EOF")
    # A line that broke in two counts as two broken ones, so that the count may lie between the two.
    if announced != expected or not good <= expected <= good + broken:
        raise Unreadable(
            f"the file announces {expected:,} records (EOF: {announced:,}) and holds {good:,}: get it again"
        )


def registration(fields: list[str]) -> Registration:
    """The fields of one record by their official places (here from 0)."""
    text = [field.strip() or None for field in fields]
    contacts = [
        person(role, text[at], text[at + 2], text[at + 3])
        for role, at in CONTACTS
        if text[at] or text[at + 2]
    ]  # fmt: skip
    return Registration(
        uei=text[0],
        cage=text[3],
        status=text[5],
        name=text[11],
        street=text[15],
        street_2=text[16],
        city=text[17],
        state=text[18],
        postal_code=text[19],
        country=text[21],
        start=text[24],
        url=text[26],
        naics=text[32],
        hidden=text[118] == "NPDY",
        evs_source=text[121],
        extras={
            "dba_name": text[12],
            "division": text[13],
            "purpose": text[6],
            "registered": iso(text[7]),
            "expires": iso(text[8]),
            "updated": iso(text[9]),
            "structure": text[27],
            "state_of_incorporation": text[28],
            "business_types": fields[31].split("~") if text[31] else None,
            "naics_list": [code[:6] for code in fields[34].split("~")] if text[34] else None,
            "dnb_open_data": text[23] == "Y",
            "excluded": text[115] == "D",
            "sba_types": [kind[:2] for kind in fields[117].split("~")] if text[117] else None,
            "contacts": contacts,
        },
    )


def iso(date: str | None) -> str | None:
    """`YYYYMMDD` as `YYYY-MM-DD`."""
    return f"{date[:4]}-{date[4:6]}-{date[6:]}" if date and len(date) == 8 else date


def _edge(line: str, edge: str) -> int:
    """The number of records that the first or last line announces."""
    found = EDGE.fullmatch(line)
    if found and found["edge"] == edge:
        return int(found["count"])
    if line.startswith(f"{edge} PUBLIC 0"):
        raise Unreadable("this is a V1 extract (150 fields, DUNS numbers): get SAM_PUBLIC_MONTHLY_V2 instead")
    if line.startswith(f"{edge} "):
        raise Unreadable(f"this is no public V2 extract ({line[:40]}): get SAM_PUBLIC_MONTHLY_V2 instead")
    raise Unreadable(f"the file does not start with BOF PUBLIC V2: {line[:20]!r} is no SAM.gov extract")
