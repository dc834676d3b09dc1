"""Writes a batch of companies and contacts: finds what is stored, merges in Python, adds the rest by COPY.

Merging happens on rows that are read and locked first, so that one plain function says how, and a test of it needs no
database. Keys that another process added in the meantime show as a unique violation: the caller plans anew.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.book import Book, Entry, T
from leadspiders.stores.postgres.copying import Rows
from leadspiders.stores.postgres.fold import fold_companies, fold_contacts
from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.kinds import company_kind, contact_kind
from leadspiders.stores.postgres.lookup import find_companies, find_contacts
from leadspiders.stores.postgres.outcomes import Outcome
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.prospects import Standing, write_prospects
from leadspiders.stores.postgres.rows import ORIGIN, KeyedHash, Row, company_row, contact_row, origin_row
from leadspiders.stores.postgres.schema.leads import companies as companies_table
from leadspiders.stores.postgres.schema.leads import contacts as contacts_table
from leadspiders.stores.postgres.waiting import Wanted, put_into_outbox

Lead = Contact | Company
Fold = Callable[[Connection, Sequence[tuple[UUID, UUID]]], Awaitable[None]]

_COMPANY_ROWS = Rows(companies_table, key=("id",), fixed=ORIGIN)
_CONTACT_ROWS = Rows(contacts_table, key=("id",), fixed=ORIGIN)

# Changes that no destination shows.
_SILENT = {"lineage", "extras", "lead_score", "decision_makers"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsBatch:
    """How leads are written for one campaign. `deliver` names the destinations that should have a lead now."""

    campaign: str
    run_id: str
    keyed_hash: KeyedHash
    deliver: Callable[[Lead], Sequence[str]]

    async def write(self, connection: Connection, leads: Sequence[Lead]) -> list[Outcome]:
        """Write the leads within the caller's transaction; returns what became of each, in order."""
        plan = _Plan(self.keyed_hash, leads)
        await plan.look_up(connection)
        plan.resolve()
        await plan.write(connection)
        await self._judge(connection, plan)
        return plan.outcomes()

    async def _judge(self, connection: Connection, plan: "_Plan") -> None:
        standings = []
        for lead, entry in zip(plan.leads, plan.lead_entries, strict=True):
            row = entry.final().row
            is_company = isinstance(lead, Company)
            state = company_state(row) if isinstance(lead, Company) else lead.lead_state
            new = entry.final().new
            standings.append(
                Standing(lead_id=row["id"], is_company=is_company, new=new, state=state, scores=lead.scores)
            )
        touched = await write_prospects(connection, self.campaign, self.run_id, standings)
        changed: list[Wanted] = []
        unchanged: list[Wanted] = []
        for lead, standing, differs in zip(plan.leads, standings, plan.differing(), strict=True):
            wanted = [(destination, standing.lead_id) for destination in self.deliver(lead)]
            (changed if differs or standing.lead_id in touched else unchanged).extend(wanted)
        await put_into_outbox(connection, self.campaign, unchanged=unchanged, changed=changed)


class _Plan:
    """One try: from leads to entries of the two books, and from there into the tables."""

    def __init__(self, keyed_hash: KeyedHash, leads: Sequence[Lead]) -> None:
        self.leads = leads
        self.lead_entries: list[Entry[Contact] | Entry[Company]] = []
        self._made: list[bool] = []
        self._company_entries: list[Entry[Company] | None] = []
        self._companies = Book(company_kind(keyed_hash), new_id)
        self._contacts = Book(contact_kind(keyed_hash), new_id)
        self._company_rows = [_company_row(lead, keyed_hash) for lead in leads]
        self._contact_rows = [
            contact_row(lead, keyed_hash) | origin_row(lead.origin) | {"company_id": None}
            if isinstance(lead, Contact)
            else None
            for lead in leads
        ]

    async def look_up(self, connection: Connection) -> None:
        """Read and lock what is stored: companies first, in every writer."""
        wanted = [row | {"id": _company_of(lead).id} for lead, row in zip(self.leads, self._company_rows, strict=True)]
        for row in await find_companies(connection, wanted, lock=True):
            self._companies.stored(row)
        people = [row | {"id": lead.id} for lead, row in zip(self.leads, self._contact_rows, strict=True) if row]
        for row in await find_contacts(connection, people, lock=True):
            self._contacts.stored(row)

    def resolve(self) -> None:
        """Decide for each lead which row it is: all companies first, since two may turn out to be one."""
        made = [self._company(lead, row) for lead, row in zip(self.leads, self._company_rows, strict=True)]
        rows = zip(self.leads, made, self._company_rows, self._contact_rows, strict=True)
        for lead, (found, is_new), company_row_, row in rows:
            company = found
            if isinstance(lead, Contact):
                assert row
                contact, is_new_contact = self._contacts.add(lead, row, lead.id)
                if contact.row["company_id"] is None and company is None and company_row_["name"]:
                    # A name alone finds nobody: it becomes a company only for a person who has none.
                    company, _ = self._companies.add(lead.company, company_row_, None)
                if contact.row["company_id"] is None and company:
                    contact.set("company_id", company.final().row["id"])
                self.lead_entries.append(contact)
                self._made.append(is_new_contact)
            else:
                assert company
                self.lead_entries.append(company)
                self._made.append(is_new)
            self._company_entries.append(company)

    def _company(self, lead: Lead, row: Row) -> tuple[Entry[Company] | None, bool]:
        company = _company_of(lead)
        if isinstance(lead, Contact) and not company.id and not _has_key(row):
            return None, False
        entry, is_new = self._companies.add(company, row, company.id)
        if row["lead_score"] is not None:
            entry.final().set("lead_score", row["lead_score"])
        return entry, is_new

    async def write(self, connection: Connection) -> None:
        """Bring both tables to what the books say. Rows that go come first: they free the keys of those that stay."""
        await _bring(connection, self._companies, _COMPANY_ROWS, fold_companies)
        kept = {gone: entry.row["id"] for entry in self._companies.entries() for gone in entry.losers}
        for entry in self._contacts.entries():
            entry.row["company_id"] = kept.get(entry.row["company_id"], entry.row["company_id"])
        await _bring(connection, self._contacts, _CONTACT_ROWS, fold_contacts)

    def differing(self) -> list[bool]:
        """For each lead, whether what a destination shows of it is new or changed."""
        return [
            any(one is not None and (one.final().new or one.final().changed - _SILENT) for one in pair)
            for pair in zip(self.lead_entries, self._company_entries, strict=True)
        ]

    def outcomes(self) -> list[Outcome]:
        """Stored: the record made the row that stays. Everything else was merged into it."""
        return [
            Outcome(kind="stored" if is_new and not entry.folded_into else "merged", id=entry.final().row["id"])
            for entry, is_new in zip(self.lead_entries, self._made, strict=True)
        ]


def company_state(row: Row) -> str:
    """How far a company is: `ready` when name, domain, industry, size, city and state are known."""
    if not _has_key(row):
        return "raw"
    size = row["employees"] is not None or row["employee_min"] is not None
    if not (row["name"] and row["domain"] and (row["industry"] or row["naics_code"]) and size):
        return "identified"
    return "ready" if row["city"] and row["state"] else "enriched"


async def _bring(connection: Connection, book: Book[T], rows: Rows, fold: Fold) -> None:
    entries = sorted(book.entries(), key=lambda entry: entry.row["id"])
    await fold(connection, [(entry.row["id"], gone) for entry in entries for gone in entry.losers])
    await rows.update(connection, [entry.row for entry in entries if entry.changed and not entry.new])
    await rows.insert(connection, [entry.row for entry in entries if entry.new])


def _has_key(row: Row) -> bool:
    return any(row[key] is not None for key in ("uei", "domain_key", "provider_key", "name_place_key"))


def _company_of(lead: Lead) -> Company:
    return lead.company if isinstance(lead, Contact) else lead


def _company_row(lead: Lead, keyed_hash: KeyedHash) -> Row:
    company = _company_of(lead)
    scores = company.scores or lead.scores
    row = company_row(company, keyed_hash) | origin_row(lead.origin) | {"lead_score": scores and scores.fit}
    # A place on the receipt belongs to the record itself, so that rows can be counted against receipts.
    return row | {"record_index": None} if isinstance(lead, Contact) else row
