"""What of a record becomes rows, made before its batch has the database: meanwhile the batch before is stored.

A draft is never changed: a batch that is planned anew, or halved, begins with the same drafts.
"""

from dataclasses import dataclass
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.suppression import traits
from leadspiders.stores.postgres.lookup import COMPANY_KEYS, CONTACT_KEYS
from leadspiders.stores.postgres.rows import COMPANY_FIELDS, KeyedHash, Row, company_row, contact_row, origin_row

Lead = Contact | Company

_OF_COMPANY = itemgetter(*COMPANY_KEYS, "block_key")
_OF_CONTACT = itemgetter(*CONTACT_KEYS, "block_key")
_SAID = attrgetter(*COMPANY_FIELDS, "provider_key", "id", "known")


@dataclass(slots=True, eq=False)  # frozen would be three times as dear to make
class Draft:
    """One lead: `company_row` of itself or of its employer, `contact_row` of a person, `fit` what the company is worth,
    `traits` hashed, as an opt-out names them.

    Colleagues whose records say the same of their employer share one `company_row`.
    """

    lead: Lead
    company: Company
    company_row: Row
    contact_row: Row | None
    fit: int | None
    traits: frozenset[bytes]

    def keys(self) -> set[object]:
        """What another record may have too that means the same company or person, or one that is near it."""
        keys = {self.lead.id, self.company.id, *_OF_COMPANY(self.company_row)}
        if self.contact_row:
            keys.update(_OF_CONTACT(self.contact_row))
        keys.discard(None)
        return keys


class Drafter:
    """Makes the drafts of one batch. Most employers come with several of their people: their row is made once."""

    def __init__(self, keyed_hash: KeyedHash) -> None:
        self._keyed_hash = cache(keyed_hash)  # most traits of a lead are its keys once more
        self._employers: dict[tuple[Any, ...], tuple[dict[str, Any], Row]] = {}

    def draft(self, lead: Lead) -> Draft:
        """Raises whatever a rule raises at a value that is of another kind than the item says."""
        hash_of = self._keyed_hash
        origin = origin_row(lead.origin)
        if isinstance(lead, Contact):
            company, row = lead.company, contact_row(lead, hash_of)
            row.update(origin)
            row["company_id"] = None
            company_row_ = self._employer(company, origin)
        else:
            company, row = lead, None
            company_row_ = company_row(lead, hash_of)
            company_row_.update(origin, lead_score=None)
        scores = company.scores or lead.scores
        known_by = frozenset([hash_of(kind, value) for kind, value in traits(lead)])
        return Draft(lead, company, company_row_, row, None if scores is None else scores.fit, known_by)

    def _employer(self, company: Company, origin: Row) -> Row:
        """A place on the receipt belongs to the person, so that rows can be counted against receipts."""
        said = _SAID(company)
        extras, row = self._employers.get(said, (None, None))
        if row is None or extras != company.extras:
            row = company_row(company, self._keyed_hash)
            row.update(origin, record_index=None, lead_score=None)
            self._employers[said] = company.extras, row
        return row
