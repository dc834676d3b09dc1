"""What of a record becomes rows, made before its batch has the database: meanwhile the batch before is stored.

A draft is never changed: a batch that is planned anew, or halved, begins with the same drafts.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.suppression import traits
from leadspiders.stores.postgres.rows import KeyedHash, Row, company_row, contact_row, origin_row

Lead = Contact | Company


@dataclass(slots=True, frozen=True, eq=False)
class Draft:
    """One lead: `company_row` of itself or of its employer, `contact_row` of a person, `traits` hashed, as an opt-out
    names them."""

    lead: Lead
    company: Company
    company_row: Row
    contact_row: Row | None
    traits: frozenset[bytes]


def draft(lead: Lead, keyed_hash: KeyedHash) -> Draft:
    """Raises whatever a rule raises at a value that is of another kind than the item says."""
    person = isinstance(lead, Contact)
    company = lead.company if isinstance(lead, Contact) else lead
    origin = origin_row(lead.origin)
    scores = company.scores or lead.scores
    employer = company_row(company, keyed_hash)
    employer.update(origin)
    employer["lead_score"] = scores and scores.fit
    if person:  # a place on the receipt belongs to the record itself, so that rows can be counted against receipts
        employer["record_index"] = None
    row = None
    if isinstance(lead, Contact):
        row = contact_row(lead, keyed_hash)
        row.update(origin)
        row["company_id"] = None
    return Draft(lead, company, employer, row, frozenset(_hashed(traits(lead), keyed_hash)))


def _hashed(named: Iterable[tuple[str, str]], keyed_hash: KeyedHash) -> Iterable[bytes]:
    return (keyed_hash(kind, value) for kind, value in named)
