"""How a provider's answer goes into a lead: gaps are filled, the better address wins, and evidence goes with it."""

from dataclasses import replace

from leadspiders.items.contact import Contact
from leadspiders.rules.clean import clean_company, clean_contact
from leadspiders.rules.likeness import same_company
from leadspiders.rules.merging import merge_company, merge_contact
from leadspiders.rules.quality import email_state
from leadspiders.rules.readiness import state_of
from leadspiders.rules.waterfall import is_person


def take_in(lead: Contact, said: Contact) -> None:
    """Merge a cleaned answer into the lead, a person or a company alone, and leave it clean and in its state."""
    if not is_person(lead):
        if same_company(lead.company, said.company).outcome != "different":
            merge_company(lead.company, said.company)
            clean_company(lead.company)
        return
    address = lead.email
    if address and said.email == address and email_state(lead) == "invalid":
        said.email = said.email_status = None  # who sells addresses does not overrule who has tried this one
    merge_contact(lead, said)
    if lead.email != address:
        _readdressed(lead, said, address)
    clean_contact(lead)
    lead.lead_state = state_of(lead)


def _readdressed(lead: Contact, said: Contact, before: str | None) -> None:
    """What was said of the address before says nothing of this one; and the address that lost has a source too."""
    lead.lineage.pop("email_status", None)
    if evidence := said.lineage.get("email_status"):
        lead.lineage["email_status"] = evidence
    won = lead.lineage.get("email")
    if before and won and won.replaced is None and lead.origin:
        lead.lineage["email"] = replace(won, replaced=lead.origin.source)
