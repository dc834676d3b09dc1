"""One try at a batch: finds what is stored, merges in Python, and says which rows come, change and go.

Merging happens on rows that are read and locked first, so that one plain function says how, and a test of it needs no
database.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from copy import copy
from operator import itemgetter
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.scores import Scores
from leadspiders.stores.postgres.book import Book
from leadspiders.stores.postgres.copying import Rows
from leadspiders.stores.postgres.drafts import Draft, Lead
from leadspiders.stores.postgres.employer_scores import NAMED
from leadspiders.stores.postgres.entries import Entry
from leadspiders.stores.postgres.fold import fold_companies, fold_contacts
from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.kind import T
from leadspiders.stores.postgres.kinds import company_kind, contact_kind
from leadspiders.stores.postgres.known_by import KnownBy
from leadspiders.stores.postgres.lookup import COMPANY_KEYS, find_companies, find_contacts, find_near
from leadspiders.stores.postgres.merged_leads import merged_lead
from leadspiders.stores.postgres.outcomes import Outcome
from leadspiders.stores.postgres.pairs import kept_apart, note_pairs
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.prospects import Standing
from leadspiders.stores.postgres.rows import ORIGIN, KeyedHash, Row, read_company
from leadspiders.stores.postgres.schema.leads import companies as companies_table
from leadspiders.stores.postgres.schema.leads import contacts as contacts_table

Find = Callable[..., Awaitable[list[Row]]]
Fold = Callable[[Connection, Sequence[tuple[UUID, UUID]]], Awaitable[None]]

_COMPANY_ROWS = Rows(companies_table, key=("id",), fixed=ORIGIN)
_CONTACT_ROWS = Rows(contacts_table, key=("id",), fixed=ORIGIN)

_company_keys = itemgetter(*COMPANY_KEYS)
# Changes that no destination shows.
_SILENT = {"lineage", "extras", "lead_score", "decision_makers", "block_key", "traits"}


class Plan:
    """From drafts to entries of the two books, and from there into the tables."""

    def __init__(self, keyed_hash: KeyedHash, drafts: Sequence[Draft]) -> None:
        self.drafts = drafts
        self.lead_entries: list[Entry[Contact] | Entry[Company]] = []
        self._made: list[bool] = []
        self._company_entries: list[Entry[Company] | None] = []
        self._keyed_hash = keyed_hash
        self._employers: dict[UUID, Company] = {}
        self._kinds = company_kind(keyed_hash), contact_kind(keyed_hash, self._employers)
        self._companies = Book(self._kinds[0], new_id)
        self._contacts = Book(self._kinds[1], new_id)
        self._known_by = KnownBy(keyed_hash)
        self._same: dict[int, Entry[Company]] = {}  # by the row that several drafts share

    async def look_up(self, connection: Connection, *, trusting: bool) -> None:
        """Read and lock what is stored: companies first, in every writer.

        With `trusting`, people whom the recall did not know are taken for new: all their keys are unique, so that a
        COPY fails where one of them is not. Keys of companies may be shared, and are always asked for.
        """
        companies = [(one.company, one.company_row, one.company.id) for one in self.drafts]
        await _look_up(connection, self._companies, "companies", companies, find_companies, only_known=False)
        people = [
            (one.lead, one.contact_row, one.lead.id)
            for one in self.drafts
            if isinstance(one.lead, Contact) and one.contact_row
        ]
        await _look_up(connection, self._contacts, "contacts", people, find_contacts, only_known=trusting)
        await self._look_around(connection)

    async def _look_around(self, connection: Connection) -> None:
        """What else counts of those that are stored: who employs them, what they asked, what people said of them."""
        firms, people = self._companies.rows(), self._contacts.rows()
        met = {row["id"] for row in firms}
        missing = {row["company_id"] for row in people} - {None, *met}
        read = await find_companies(connection, [{"id": one} for one in missing], lock=False)
        held = {row["company_id"] for row in people}
        self._employers.update((row["id"], read_company(row)) for row in (*firms, *read) if row["id"] in held)
        self._known_by.stored((*firms, *people, *read))
        for book in (self._companies, self._contacts):
            book.keep_apart(await kept_apart(connection, [row["id"] for row in book.rows()]))

    def resolve(self) -> None:
        """Decide for each lead which row it is: all companies first, since two may turn out to be one."""
        made = [self._company(one) for one in self.drafts]
        for one, (found, is_new) in zip(self.drafts, made, strict=True):
            lead, company = one.lead, found
            if isinstance(lead, Contact):
                assert one.contact_row
                contact, is_new_contact = self._contacts.add(*_employed(lead, one, company, self._contacts), lead.id)
                if contact.own and contact.item and contact.item.company.id:
                    contact.set("company_id", contact.item.company.id)  # the merge has said where the person works
                elif contact.own and contact.item and contact.item.company.name:
                    contact.set("company_id", None)  # at an employer of whom only the name is known
                if contact.row["company_id"] is None and company is None and one.company_row["name"]:
                    # A name alone finds nobody: it becomes a company only for a person who has none.
                    company, _ = self._companies.add(one.company, one.company_row, None)
                if contact.row["company_id"] is None and company:
                    contact.set("company_id", company.final().row["id"])
                    if contact.own and contact.item:
                        contact.item.company.id = contact.row["company_id"]
                self.lead_entries.append(contact)
                self._made.append(is_new_contact)
            else:
                assert company
                self.lead_entries.append(company)
                self._made.append(is_new)
            self._company_entries.append(company)

    def _company(self, one: Draft) -> tuple[Entry[Company] | None, bool]:
        row = one.company_row
        if isinstance(one.lead, Contact) and not one.company.id and not _has_key(row):
            return None, False
        entry, is_new = self._same.get(id(row)), False
        if entry is None or entry.own or entry.folded_into:
            entry, is_new = self._companies.add(one.company, row, one.company.id)
            self._same[id(row)] = entry
        if one.fit is not None:
            entry.final().set("lead_score", one.fit)
        return entry, is_new

    def traits(self) -> list[set[bytes]]:
        """For each lead, by what it may have opted out: all of its records' traits, those it is stored under, and its
        employer's."""
        self._known_by.write(self._companies.entries())
        self._known_by.write(self._contacts.entries())
        finals = [entry.final() for entry in self.lead_entries]
        of: dict[int, set[bytes]] = {}
        for one, entry in zip(self.drafts, finals, strict=True):
            if (held := of.get(id(entry))) is None:
                employer = entry.row.get("company_id")
                met = self._companies.of(employer)
                held = self._known_by.of(entry.row["id"]) | self._known_by.of(met.row["id"] if met else employer)
                of[id(entry)] = held
            held |= one.traits
        return [of[id(entry)] for entry in finals]

    def company_traits(self) -> dict[UUID, set[bytes]]:
        """Those of each company that is met, once `traits` has gathered them."""
        return {entry.row["id"]: self._known_by.of(entry.row["id"]) for entry in self._companies.entries()}

    def leads(self, score: Callable[[Lead], Scores] | None) -> list[Lead]:
        """For each draft the lead as it will be stored: scored anew wherever that is not what its record says."""
        return [one.lead if score is None else self._lead(one, entry, score) for one, entry in self._judged()]

    def _judged(self) -> Iterator[tuple[Draft, Entry[Contact] | Entry[Company]]]:
        return ((one, entry.final()) for one, entry in zip(self.drafts, self.lead_entries, strict=True))

    def _lead(self, one: Draft, entry: Entry[Contact] | Entry[Company], score: Callable[[Lead], Scores]) -> Lead:
        companies, people = self._kinds
        employer = self._companies.of(entry.row.get("company_id"))
        merged = merged_lead(
            one, entry, employers=self._employers, employer=employer, companies=companies, people=people
        )
        if merged is None:
            return one.lead
        merged.scores = score(merged)
        if of_company := (entry if isinstance(merged, Company) else employer):
            of_company.set("lead_score", merged.scores.fit)
        return merged

    async def write(self, connection: Connection) -> None:
        """Bring both tables to what the books say. Rows that go come first: they free the keys of those that stay."""
        await _bring(connection, self._companies, _COMPANY_ROWS, fold_companies)
        kept = {gone: entry.row["id"] for entry in self._companies.entries() for gone in entry.losers}
        if kept:
            for entry in self._contacts.entries():
                entry.row["company_id"] = kept.get(entry.row["company_id"], entry.row["company_id"])
        await _bring(connection, self._contacts, _CONTACT_ROWS, fold_contacts)
        await note_pairs(connection, "companies", self._companies.doubts())
        await note_pairs(connection, "contacts", self._contacts.doubts())

    def differing(self) -> list[bool]:
        """For each lead, whether what a destination shows of it is new or changed."""
        return [
            any(one is not None and (one.final().new or one.final().changed - _SILENT) for one in pair)
            for pair in zip(self.lead_entries, self._company_entries, strict=True)
        ]

    def employers(self) -> list[Standing]:
        """The employers of people whose name is known, as leads themselves; scores come when all are counted."""
        found = {}
        for one, company in zip(self.drafts, self._company_entries, strict=True):
            lead = one.lead
            if isinstance(lead, Contact) and lead.lead_state in NAMED and company and _has_key(company.final().row):
                entry = company.final()
                found[entry.row["id"]] = Standing(
                    lead_id=entry.row["id"],
                    is_company=True,
                    new=entry.new,
                    state=company_state(entry.row),
                    scores=None,
                )
        return list(found.values())

    def to_judge(self) -> set[UUID]:
        """Companies that people were stored for, and those that were stored before and are so again."""
        judged = set()
        for one, entry in zip(self.drafts, self.lead_entries, strict=True):
            lead, row, new = one.lead, entry.final().row, entry.final().new
            company = row["id"] if isinstance(lead, Company) and not new else row.get("company_id")
            if company and (isinstance(lead, Company) or lead.lead_state in NAMED):
                judged.add(company)
        return judged

    def changed_companies(self) -> set[UUID]:
        """Stored companies of which something else is known now."""
        return {entry.row["id"] for entry in self._companies.entries() if not entry.new and entry.changed - _SILENT}

    def outcomes(self) -> list[Outcome]:
        """Stored: the record made the row that stays. Everything else was merged into it."""
        return [
            Outcome(kind="stored" if is_new and not entry.folded_into else "merged", id=entry.final().row["id"])
            for entry, is_new in zip(self.lead_entries, self._made, strict=True)
        ]


def _employed(lead: Contact, one: Draft, company: Entry[Company] | None, book: Book[Contact]) -> tuple[Contact, Row]:
    """The record with the row of its employer, where it meets somebody: of two employers one is chosen."""
    assert one.contact_row
    if not book.knows(one.contact_row, lead.id):
        return lead, one.contact_row
    lead, employer = copy(lead), copy(one.company)
    employer.id = company.final().row["id"] if company else None
    lead.company = employer
    return lead, one.contact_row | {"company_id": employer.id}


def company_state(row: Row) -> str:
    """How far a company is: `ready` when name, domain, industry, size, city and state are known."""
    if not _has_key(row):
        return "raw"
    size = row["employees"] is not None or row["employee_min"] is not None
    if not (row["name"] and row["domain"] and (row["industry"] or row["naics_code"]) and size):
        return "identified"
    return "ready" if row["city"] and row["state"] else "enriched"


async def _look_up(
    connection: Connection,
    book: Book[T],
    table: str,
    records: Sequence[tuple[T, Row, UUID | None]],
    find: Find,
    *,
    only_known: bool,
) -> None:
    """Enter what is stored under any key of the records; and, of their neighbors, who is surely one of the others."""
    wanted = [row | {"id": known} for _, row, known in records if known or not only_known]
    for row in await find(connection, wanted, lock=True):
        book.stored(row)
    strangers = [(item, row) for item, row, known in records if not book.knows(row, known)]
    if near := await find_near(connection, table, (row for _, row in strangers)):
        book.beside(near)
        sure = {found for item, row in strangers if (found := book.surely(item, row))}
        for row in await find(connection, [{"id": one} for one in sure], lock=True):
            book.stored(row)


async def _bring(connection: Connection, book: Book[T], rows: Rows, fold: Fold) -> None:
    entries = sorted(book.entries(), key=lambda entry: entry.row["id"])
    await fold(connection, [(entry.row["id"], gone) for entry in entries for gone in entry.losers])
    await rows.update(connection, [entry.row for entry in entries if entry.changed and not entry.new])
    await rows.insert(connection, [entry.row for entry in entries if entry.new])


def _has_key(row: Row) -> bool:
    keys = _company_keys(row)
    return bool(keys.count(None) < len(keys))
