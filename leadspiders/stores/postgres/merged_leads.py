"""A lead as it is going to be stored: what a campaign judges is the row, not the record that was merged into it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.readiness import state_of
from leadspiders.stores.postgres.drafts import Draft, Lead
from leadspiders.stores.postgres.entries import Entry
from leadspiders.stores.postgres.kind import Kind, T, readable
from leadspiders.stores.postgres.rows import COMPANY_FIELDS, CONTACT_FIELDS, Row


def merged_lead(
    draft: Draft,
    entry: Entry[Contact] | Entry[Company],
    *,
    employers: Mapping[UUID, Company],
    employer: Entry[Company] | None,
    companies: Kind[Company],
    people: Kind[Contact],
) -> Lead | None:
    """The lead with what the rows will say, not scored; None where they say what the record says.

    `employer` is the entry of a contact's company, which may instead be among the `employers` that were only read.
    """
    if isinstance(draft.lead, Company):
        company: Entry[Company] = entry  # type: ignore[assignment]  # a company's draft has a company's entry
        return None if _says(company.row, draft.company_row, COMPANY_FIELDS) else _item(company, companies)
    assert draft.contact_row
    same = _says(entry.row, draft.contact_row, CONTACT_FIELDS)
    known = employers.get(entry.row["company_id"])
    if employer:
        if same and _says(employer.row, draft.company_row, COMPANY_FIELDS):
            return None
        known = _item(employer, companies)
    elif same and known is None:
        return None
    person: Entry[Contact] = entry  # type: ignore[assignment]
    merged = replace(_item(person, people), company=known or Company())
    merged.lead_state = state_of(merged)
    return merged


def _says(row: Row, record: Row, names: tuple[str, ...]) -> bool:
    return all(row[name] == record[name] for name in names)


def _item(entry: Entry[T], kind: Kind[T]) -> T:
    return entry.item if entry.own and entry.item else kind.to_item(readable(entry.row))
