"""The monthly public extract: a `.dat` of 142 fields a line between BOF and EOF, zipped.

No quoting: the very few lines whose text holds a pipe have too many fields, as in the real file.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import date

from leadspiders.sandbox.world.registrations import Registration

_SEQUENCE = 8331
_BLANK_POC = [""] * 11
# One line in about 3,000 holds a pipe too many; a small world has one of them.
_BROKEN_EVERY = 3000


def archive(entries: Sequence[Registration], day: date, *, utf8: bool) -> tuple[str, bytes]:
    """The file name and bytes of the extract of a day."""
    encoding = "UTF-8_" if utf8 else ""
    name = f"SAM_PUBLIC_{encoding}MONTHLY_V2_{day:%Y%m%d}"
    registered = [entry for entry in entries if entry.registered]
    mark = f"PUBLIC V2 00000000 {day:%Y%m%d} {len(registered):07d} {_SEQUENCE:07d}"
    lines = [f"BOF {mark}", *(_line(entry, index) for index, entry in enumerate(registered)), f"EOF {mark}", ""]
    data = "\n".join(lines).encode("utf-8" if utf8 else "ascii", "replace")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(f"{name}.dat", data)
    return f"{name}.ZIP", packed.getvalue()


def _line(entry: Registration, index: int) -> str:
    fields = _fields(entry)
    if index % _BROKEN_EVERY == 7:
        fields[15] += "|SUITE 4"
    return "|".join(fields)


def _fields(entry: Registration) -> list[str]:
    company, place = entry.company, entry.company.place
    dates = (entry.registered_on, entry.expires_on, entry.updated_on, entry.activated_on)
    street, city = company.street.upper(), place.city.upper()
    small = "Y" if company.employees < 500 else "N"
    contact = [
        entry.contact.first.upper(),
        "",
        entry.contact.last.upper(),
        entry.contact_title.upper(),
        street,
        "",
        city,
        company.postal_code,
        "",
        "USA",
        place.state.code,
    ]
    return [
        *(entry.uei, "", entry.eft or "", entry.cage, "", "A" if entry.active else "E", "Z2"),
        *(f"{day:%Y%m%d}" for day in dates),
        *(entry.legal_name, entry.dba or "", "", ""),
        *(street, "", city, place.state.code, company.postal_code, "", "USA", "10", " "),
        *(f"{company.founded}0501", "1231", entry.url or "", entry.structure, place.state.code, "USA"),
        *_counted(entry.business_types),
        entry.naics[0],
        *_counted([code + small for code in entry.naics]),
        *_counted(entry.psc),
        *("Y", ""),
        *(street, "", city, company.postal_code, "", "USA", place.state.code),
        *(*contact, *_BLANK_POC, *_BLANK_POC, *_BLANK_POC, *contact, *_BLANK_POC),
        *("0000", "", "N", "D" if entry.excluded else " ", "0000", "", "", "0000", "", entry.evs_source),
        *([" "] * 19),
        "!end",
    ]


def _counted(values: Sequence[str]) -> tuple[str, str]:
    return f"{len(values):04d}", "~".join(values)
