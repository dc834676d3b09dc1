"""Makes a contact or a company of one row of somebody's file, as a field map says.

What no field takes goes to the extras: a column that the map does not name, a value that cannot be read, the second of
two phone numbers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, get_args

from leadspiders.items.company import Company, MarketingUse
from leadspiders.items.contact import Contact, EmailStatus
from leadspiders.rules import company_names, sizes
from leadspiders.rules.extras import keep
from leadspiders.rules.field_map import OF_COMPANY, FieldMap
from leadspiders.rules.identity import company_keys, contact_keys
from leadspiders.rules.text import fold, tidy

FALLBACK_ID = 20  # hex digits: 80 bits, so that no two rows of one file share one by chance
NOT_CALCULATED = "#NOT-CALCULATED"
"""What a reader of spreadsheets writes for a formula whose result nobody saved."""

_ERRORS = frozenset({NOT_CALCULATED, "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_WORDS = {"email_status": get_args(EmailStatus), OF_COMPANY + "marketing_use": get_args(MarketingUse)}
_AMOUNT = re.compile(
    r"(?:usd|us\$|\$)?\s*(\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)\s*(k|thousand|m|mm|mil|million|b|bn|bil|billion)?\.?(?:\s*usd)?"
)
_UNITS = {"k": 1e3, "t": 1e3, "m": 1e6, "b": 1e9}
_YEARS = range(1500, 2101)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """`item` is None when the row is no record: `reason` says why. `unparsed` names fields that could not be read."""

    item: Contact | Company | None
    unparsed: tuple[str, ...] = ()
    reason: str = ""


class RowMapper:
    """One a file: `header` are its columns, `source` the name under which it is loaded."""

    def __init__(self, field_map: FieldMap, header: Sequence[str], source: str) -> None:
        self._map = field_map
        self._header = header
        self._source = source
        self._ids_of = field_map.ids_of or source
        places = {fold(column): place for place, column in reversed(list(enumerate(header)))}
        self._columns: dict[str, list[int]] = {}
        for column, name in field_map.columns.items():
            if (place := places.get(fold(column))) is not None and place not in self._columns.get(name, []):
                self._columns.setdefault(name, []).append(place)
        self._joined = {
            name: (found, joined.separator)
            for name, joined in field_map.joined.items()
            if (found := [places[fold(column)] for column in joined.columns if fold(column) in places])
        }
        self._values = {
            name: {fold(theirs): ours for theirs, ours in words.items()} for name, words in field_map.values.items()
        }
        used = {place for found in self._columns.values() for place in found}
        used |= {place for found, _ in self._joined.values() for place in found}
        ignored = {places[fold(column)] for column in field_map.ignored if fold(column) in places}
        self._kept = [place for place in range(len(header)) if place not in used | ignored]

    @property
    def fits(self) -> bool:
        """Whether the file has any column of the map."""
        return bool(self._columns or self._joined)

    @property
    def unmapped(self) -> list[str]:
        """Columns that the map says nothing of: they are kept in the extras."""
        return [self._header[place] for place in self._kept]

    @property
    def unfilled(self) -> list[str]:
        """Fields that the map names and no column of this file fills."""
        return [name for name in self._map.fields() if name not in self._columns and name not in self._joined]

    def item(self, row: Sequence[str]) -> Mapped:
        """The record of one row; a row may be shorter than the header, and no longer."""
        if any(cell.strip() for cell in row[len(self._header) :]):
            return Mapped(item=None, reason=f"the row has {len(row)} cells, the header {len(self._header)}")
        failed = {place for place, cell in enumerate(row) if cell in _ERRORS}
        cells = [None if place in failed else tidy(cell) for place, cell in enumerate(row)]
        cells += [None] * (len(self._header) - len(row))
        company = Company()
        contact = Contact(company=company) if self._map.lead == "contact" else None
        extras = company.extras if contact is None else contact.extras
        unparsed = [name for name, places in self._columns.items() if failed.intersection(places)]
        for name in dict.fromkeys((*self._columns, *self._joined, *self._map.constants)):
            found = self._said(name, cells)
            for other in found[1:]:
                keep(extras, f"{name}_also", other)
            value = found[0] if found else self._map.constants.get(name)
            if value is not None and not self._set(contact, company, name, value):
                keep(extras, name.removeprefix(OF_COMPANY), value)
                unparsed.append(name)
        for place in self._kept:
            if (held := cells[place]) is not None:
                keep(extras, self._header[place], held)
        item = company if contact is None else contact
        if not self._known(item):
            return Mapped(item=None, reason="nothing in the row says who it is: no name, e-mail, profile or id")
        return Mapped(item=item, unparsed=tuple(unparsed))

    def _said(self, name: str, cells: Sequence[str | None]) -> list[str]:
        """What the columns of a field hold, the first first, in our words."""
        found = [cell for place in self._columns.get(name, ()) if (cell := cells[place]) is not None]
        if name in self._joined:
            places, separator = self._joined[name]
            joined = separator.join(cell for place in places if (cell := cells[place]) is not None)
            found = [joined, *found] if joined else found
        words = self._values.get(name, {})
        return list(dict.fromkeys(words.get(fold(value), value) for value in found))

    def _set(self, contact: Contact | None, company: Company, name: str, value: str) -> bool:
        """Set one field; whether the value could be read."""
        record: Contact | Company = company if name.startswith(OF_COMPANY) or contact is None else contact
        own = name.removeprefix(OF_COMPANY)
        match own:
            case "id":
                record.provider_key = f"{self._ids_of}:{value}"
            case "location":
                record.extras["location"] = value
            case "employees":
                return _set_staff(company, value)
            case "founded_year":
                company.founded_year = int(value) if value.isdecimal() and int(value) in _YEARS else None
                return company.founded_year is not None
            case "annual_revenue":
                company.annual_revenue = amount(value, self._map.times.get(name, 1.0))
                return company.annual_revenue is not None
            case _:
                return self._set_text(record, name, own, value)
        return True

    def _set_text(self, record: Any, name: str, own: str, value: str) -> bool:
        if name in _WORDS:
            value = value.lower()
            if value not in _WORDS[name]:
                return False
        elif own == "postal_code" and value.isdecimal():
            value = value.zfill(5)  # a spreadsheet takes the zeros before a number away
        setattr(record, own, value)
        return True

    def _known(self, item: Contact | Company) -> bool:
        """Whether the row says who it is. Where it has no key, its own words become one: a second load finds it."""
        if isinstance(item, Contact):
            keys = contact_keys(item)
            known = any((keys.linkedin, keys.email, keys.provider))
            name = item.full_name or " ".join(part for part in (item.first_name, item.last_name) if part)
            words = [name, item.company.domain or item.company.website or item.company.name or "", item.title or ""]
        else:
            firm = company_keys(item)
            known = any((firm.uei, firm.domain, firm.provider))
            name = company_names.clean(item.name or item.legal_name) or ""
            words = [name, item.state or "", item.city or ""]
        if not known and name:
            digest = sha256("\n".join(fold(word) for word in words).encode()).hexdigest()[:FALLBACK_ID]
            item.provider_key = f"{self._source}:{digest}"
        return known or bool(name)


def amount(text: str, times: float = 1.0) -> float | None:
    """Dollars: `1,250,000`, `$1.2M`, `3.4 billion`; `times` 1,000 for a column in thousands. None for a range."""
    found = _AMOUNT.fullmatch(text.lower().strip())
    if not found:
        return None
    unit = _UNITS[found[2][0]] if found[2] else times
    return float(found[1].replace(",", "")) * unit


def _set_staff(company: Company, value: str) -> bool:
    found = sizes.staff(value)
    if found is None:
        return False
    company.employees = found.exact
    if found.exact is None:
        company.employee_min, company.employee_max = found.least, found.most
    return True
