"""HubSpot: companies first, then people, then who works where; a hundred leads in three calls.

Both are upserted by a unique property of our own, made on demand: a company's domain is not unique at HubSpot, and a
lead may have no e-mail. The same lead sent twice is the same record there.
"""

from collections.abc import Sequence
from typing import ClassVar

from leadspiders.apis.http import Conversation
from leadspiders.apis.hubspot.associate import associate_call, read_associated
from leadspiders.apis.hubspot.mapping import company_properties, contact_properties
from leadspiders.apis.hubspot.properties import ensure_properties, wanted
from leadspiders.apis.hubspot.upsert import (
    MOST_AT_ONCE,
    Record,
    Upserted,
    read_upsert,
    upsert_companies_call,
    upsert_contacts_call,
)
from leadspiders.campaigns.delivery import Receiver
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.outbox import Delivery, Settlement


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
        people = {str(lead.lead_id): lead for lead in leads}
        companies = {str(company.id): company for company in map(_company, leads) if company}
        company_ids: dict[str, str] = {}
        if companies:
            records = [
                Record(key=key, properties=company_properties(company, custom_fields=self._custom))
                for key, company in companies.items()
            ]
            upserted = read_upsert((yield upsert_companies_call(records)), records)
            company_ids = {key: written.id for key, written in upserted.written.items()}
        records = [
            Record(key=key, properties=contact_properties(lead.lead, custom_fields=self._custom))
            for key, lead in people.items()
            if isinstance(lead.lead, Contact)
        ]
        contacts = read_upsert((yield upsert_contacts_call(records)), records)
        pairs = [
            (written.id, company_ids[str(company.id)])
            for key, written in contacts.written.items()
            if (company := _company(people[key])) and str(company.id) in company_ids
        ]
        loose = set(read_associated((yield associate_call(pairs)), pairs)) if pairs else set()
        return [_settlement(lead, contacts, {contact for contact, _ in loose}) for lead in leads]


def _company(delivery: Delivery) -> Company | None:
    company = delivery.lead.company if isinstance(delivery.lead, Contact) else delivery.lead
    return company if company.id else None


def _settlement(delivery: Delivery, contacts: Upserted, loose: set[str]) -> Settlement:
    """What became of one lead; a person who could not be joined to the company is sent again."""
    key = str(delivery.lead_id)
    if written := contacts.written.get(key):
        if written.id in loose:
            error = "HubSpot did not join the contact to its company"
            return Settlement(delivery=delivery, outcome="failed", external_id=written.id, error=error)
        return Settlement(delivery=delivery, outcome="sent", external_id=written.id)
    failure = contacts.failed.get(key)
    error = failure.message if failure else "HubSpot did not say what became of it"
    return Settlement(delivery=delivery, outcome="failed", error=error)
