"""Reads the monthly public extract: 900,000 registrations, one a line, streamed and never whole in memory.

142 fields between pipes, without quoting; the first and the last line name the version and how many records there are,
so that a file that was cut short is noticed. Mailing and contact blocks put the state after the country, the physical
address before the ZIP code: fields are taken by their place in the official layout.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from leadspiders.apis.records import Broken, Refuse, put_aside
from leadspiders.apis.sam_gov.company import ROLES, Registration, person
from leadspiders.errors import Unreadable
from leadspiders.items.company import Company

FIELDS = 142
END = "!end"
EDGE = re.compile(r"(?P<edge>BOF|EOF) (?P<what>PUBLIC V2) \d{8} (?P<date>\d{8}) (?P<count>\d+) (?P<sequence>\d+)")

# Places in a record that a `keep` filter may want, counted from 0.
UEI, CAGE, STATUS, NAME, CITY, STATE, COUNTRY, URL, NAICS, EVS_SOURCE = 0, 3, 5, 11, 17, 18, 21, 26, 32, 121
CONTACTS = tuple(zip(ROLES, range(46, 112, 11), strict=True))

Keep = Callable[[list[str]], bool]


def read_dat(lines: Iterable[str], *, keep: Keep | None = None, refuse: Refuse | None = None) -> Iterator[Company]:
    """The companies of a `.dat` file, as its lines come in (split at LF only, decoded with `errors="replace"`).

    `keep` sees the bare fields (places as named above) before a company is built. A line that is no record (extra pipes
    in free text, 0.03 % of the real file) goes to `refuse`, or raises `Unreadable` where there is none to take it.
    `Unreadable` too for a V1 or other file at once, and for a file that ends early after its last good record, with
    both counts.
    """
    stream = iter(lines)
    first = next(stream, "").removeprefix("\ufeff").strip()
    expected = _edge(first, "BOF")
    index = -1
    good = 0
    last = ""
    for line in stream:
        if line.startswith("EOF "):
            last = line.strip()
            break
        index += 1
        fields = line.rstrip("\r\n").split("|")
        if len(fields) != FIELDS or fields[-1] != END:
            reason = f"record {index + 1}: {len(fields)} fields where the layout has {FIELDS}"
            put_aside(Broken(index=index, reason=reason, raw=line.rstrip("\r\n")), refuse)
            continue
        good += 1
        if keep is None or keep(fields):
            yield registration(fields).company()
    if not last:
        raise Unreadable(f"the file was cut short: {expected:,} records announced, {good:,} read, and no EOF line")
    announced = _edge(last, "EOF")
    # A line that broke in two counts as two broken ones, so that the count may lie between the two.
    if announced != expected or not good <= expected <= index + 1:
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
