"""What a load would make of a file: ten rows as they would be stored, and everything that would not fit."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.ops.report import masking
from leadspiders.rules.clean import clean_company, clean_contact
from leadspiders.rules.field_map import COMPANY_FIELDS, CONTACT_FIELDS, OF_COMPANY
from leadspiders.rules.mapped_row import RowMapper

SHOWN = 10
OF_PERSON = ("name", "title", "e-mail", "phone", "profile")
OF_EMPLOYER = ("company", "domain", "industry", "staff", "city", "state")
SHARES = {"name": 4, "title": 5, "e-mail": 5, "profile": 4, "company": 4, "domain": 4, "industry": 3, "city": 3}
ROOMY = 120
NARROW_WITHOUT = ("profile", "domain", "industry", "staff")
"""What a terminal of less than 120 columns has no room for; --json shows everything."""


@dataclass(slots=True, kw_only=True)
class Preview:
    """`unreadable` counts rows by why they are no record, `unparsed` values that could not be read, by field."""

    rows: int = 0
    sample: list[dict[str, str | None]] = field(default_factory=list)
    unreadable: Counter[str] = field(default_factory=Counter)
    unparsed: Counter[str] = field(default_factory=Counter)
    unmapped_columns: list[str] = field(default_factory=list)
    unfilled_fields: list[str] = field(default_factory=list)


def preview(mapper: RowMapper, rows: Iterable[Sequence[str]]) -> Preview:
    """Read and clean every row, and keep the first ten, without their full e-mail addresses and phone numbers."""
    made = Preview(unmapped_columns=mapper.unmapped, unfilled_fields=mapper.unfilled)
    for row in rows:
        made.rows += 1
        mapped = mapper.item(row)
        if mapped.item is None:
            made.unreadable[mapped.reason] += 1
            continue
        given = dict(_fields(mapped.item))
        _clean(mapped.item)
        lost = [name for name, value in _fields(mapped.item) if value is None and given[name] is not None]
        made.unparsed.update({*mapped.unparsed, *lost})
        if len(made.sample) < SHOWN:
            made.sample.append(_shown(mapped.item))
    return made


def view(made: Preview, width: int) -> RenderableType:
    """The preview for a terminal."""
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, width=width)
    headings = [
        heading
        for heading in (*OF_PERSON, *OF_EMPLOYER)
        if any(line.get(heading) for line in made.sample) and (width >= ROOMY or heading not in NARROW_WITHOUT)
    ]
    for heading in headings:
        table.add_column(heading, no_wrap=True, ratio=SHARES.get(heading))
    for line in made.sample:
        table.add_row(*(Text(line[heading] or "") for heading in headings))
    mapped = made.rows - made.unreadable.total()
    said = [f"{made.rows:,} rows, of which {mapped:,} are records; the first {len(made.sample)} are above."]
    if made.unreadable:
        said.append("No record: " + _counted(made.unreadable))
    if made.unparsed:
        said.append("Values that cannot be read, kept in the extras: " + _counted(made.unparsed))
    if made.unmapped_columns:
        said.append("Columns that the map does not name, kept in the extras: " + ", ".join(made.unmapped_columns))
    if made.unfilled_fields:
        said.append("Fields that no column fills: " + ", ".join(made.unfilled_fields))
    return Group(table, *(Text(line) for line in said), Text("Nothing was written: leave out --dry-run to load it."))


def _counted(counts: Counter[str]) -> str:
    return "; ".join(f"{name} ({number:,})" for name, number in counts.most_common())


def _fields(item: Contact | Company) -> Iterator[tuple[str, Any]]:
    """The values of what a map can fill, by the map's names; a staff range counts as staff."""
    company = item.company if isinstance(item, Contact) else item
    if isinstance(item, Contact):
        yield from ((name, getattr(item, name)) for name in CONTACT_FIELDS if hasattr(item, name) and name != "id")
    yield from (
        (OF_COMPANY + name, getattr(company, name))
        for name in COMPANY_FIELDS
        if hasattr(company, name) and name != "id"
    )


def _clean(item: Contact | Company) -> None:
    if isinstance(item, Contact):
        clean_contact(item)
    else:
        clean_company(item)


def _shown(item: Contact | Company) -> dict[str, str | None]:
    company = item.company if isinstance(item, Contact) else item
    placed = item if isinstance(item, Contact) else company
    staff = str(company.employees) if company.employees is not None else _range(company)
    employer = dict(
        zip(
            OF_EMPLOYER,
            (company.name, company.domain, company.industry, staff, placed.city, placed.state),
            strict=True,
        )
    )
    if not isinstance(item, Contact):
        return employer
    said = (item.full_name, item.title, masking.email(item.email), masking.phone(item.phone), item.linkedin_url)
    return dict(zip(OF_PERSON, said, strict=True)) | employer


def _range(company: Company) -> str | None:
    if company.employee_min is None:
        return None
    return (
        f"{company.employee_min}+" if company.employee_max is None else f"{company.employee_min}-{company.employee_max}"
    )
