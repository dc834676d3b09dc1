"""HubSpot: companies first, then people, then who works where; a hundred leads in three calls.

Both are upserted by a unique property of our own, made on demand: a company's domain is not unique at HubSpot, and a
lead may have no e-mail. The same lead sent twice is the same record there. A portal that knew the person already keeps
its record: it is taken over by its e-mail.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from leadspiders.apis.http import Conversation
from leadspiders.apis.hubspot.associate import associate_call, read_associated
from leadspiders.apis.hubspot.mapping import company_properties, contact_properties
from leadspiders.apis.hubspot.properties import ensure_properties, wanted
from leadspiders.apis.hubspot.upsert import (
    CONFLICT,
    MOST_AT_ONCE,
    Failure,
    Record,
    Upserted,
    Written,
    read_upsert,
    upsert_companies_call,
    upsert_contacts_call,
)
from leadspiders.campaigns.delivery import Receiver
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.identity import contact_keys
from leadspiders.stores.postgres.outbox import Delivery, Settlement

UNSAID = Failure(category="UNSAID", message="HubSpot did not say what became of it")


@dataclass(slots=True, kw_only=True)
class _Outcome:
    """What became of the people, by our key; `remarks` are for a human who looks."""

    written: dict[str, Written] = field(default_factory=dict)
    failed: dict[str, Failure] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)

    def add(self, upserted: Upserted) -> None:
        """The later word on a record counts."""
        self.written |= upserted.written
        self.failed = {key: one for key, one in (self.failed | upserted.failed).items() if key not in self.written}


class HubSpot:
    """Records carry our scores and the why when the campaign asks for custom fields."""

    name: ClassVar[str] = "hubspot"
    api: ClassVar[str] = "hubspot"
    batch: ClassVar[int] = MOST_AT_ONCE

    def __init__(self, receiver: Receiver) -> None:
        self._custom = receiver.custom_fields

    def prepare(self) -> Conversation[None]:
        """The properties we fill, made where they are missing."""
        yield from ensure_properties("companies", wanted(custom_fields=self._custom))
        yield from ensure_properties("contacts", wanted(custom_fields=self._custom))

    def deliver(self, leads: Sequence[Delivery]) -> Conversation[list[Settlement]]:
        """Upsert companies and people, then join them."""
        companies = yield from self._companies(leads)
        people = {str(lead.lead_id): lead.lead for lead in leads if isinstance(lead.lead, Contact)}
        contacts = yield from self._people(people)
        pairs = [
            (written.id, company.id)
            for key, written in contacts.written.items()
            if (company := companies.written.get(str(people[key].company.id)))
        ]
        loose = read_associated((yield associate_call(pairs)), pairs) if pairs else []
        return [_settlement(lead, companies, contacts, {contact for contact, _ in loose}) for lead in leads]

    def _companies(self, leads: Iterable[Delivery]) -> Conversation[Upserted]:
        known = {str(company.id): company for company in map(_company, leads) if company}
        if not known:
            return Upserted(written={}, failed={}, unsaid=())
        records = [
            Record(key=key, properties=company_properties(company, custom_fields=self._custom))
            for key, company in known.items()
        ]
        return read_upsert((yield upsert_companies_call(records)), records)

    def _people(self, people: dict[str, Contact]) -> Conversation[_Outcome]:
        """Write the people by our key. An e-mail address that another record has already makes a conflict.

        A personal address is the same person, so that the record there is taken over. An address that several people
        share, such as info@, stays where it is: HubSpot gives it to one record only, and the lead is written without.
        """
        records = {
            key: Record(key=key, properties=contact_properties(person, custom_fields=self._custom))
            for key, person in people.items()
        }
        outcome = _Outcome()
        if records:
            outcome.add(read_upsert((yield upsert_contacts_call([*records.values()])), [*records.values()]))
        if known := [records[key] for key in _clashing(outcome) if contact_keys(people[key]).email]:
            outcome.add(read_upsert((yield upsert_contacts_call(known, id_property="email")), known, "email"))
        if taken := {key: outcome.failed[key].existing_id for key in _clashing(outcome)}:
            bare = [_without_email(records[key]) for key in taken]
            outcome.add(read_upsert((yield upsert_contacts_call(bare)), bare))
            outcome.remarks = {
                key: f"written without the e-mail address, which the contact {other or 'of somebody else'} has: if both"
                " are one person, merge them in HubSpot"
                for key, other in taken.items()
            }
        return outcome


def _company(delivery: Delivery) -> Company | None:
    company = delivery.lead.company if isinstance(delivery.lead, Contact) else delivery.lead
    return company if company.id else None


def _clashing(outcome: _Outcome) -> list[str]:
    """Keys of the people whose e-mail address another record has."""
    return [key for key, failure in outcome.failed.items() if failure.category == CONFLICT]


def _without_email(record: Record) -> Record:
    return Record(
        key=record.key, properties={name: text for name, text in record.properties.items() if name != "email"}
    )


def _settlement(delivery: Delivery, companies: Upserted, contacts: _Outcome, loose: set[str]) -> Settlement:
    """What became of one lead; a person whose company was not written, or who was not joined to it, is sent again."""
    key, company = str(delivery.lead_id), _company(delivery)
    written = contacts.written.get(key)
    error = None if written else contacts.failed.get(key, UNSAID).message
    if company and written and str(company.id) not in companies.written:
        error = f"the company: {companies.failed.get(str(company.id), UNSAID).message}"
    elif written and written.id in loose:
        error = "HubSpot did not join the contact to its company"
    return Settlement(
        delivery=delivery,
        outcome="failed" if error else "sent",
        external_id=written.id if written else None,
        error=error or contacts.remarks.get(key),
    )
