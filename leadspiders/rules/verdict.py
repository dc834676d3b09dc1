"""What a verifier's word makes of an address: the last word counts, a half one only against less."""

from dataclasses import replace

from leadspiders.items.contact import Contact


def apply_verdict(lead: Contact, said: Contact) -> None:
    """Put a verdict on the lead's own address; one on another address says nothing here.

    Valid and invalid are final. A risky address was at least looked at, so that it takes the place of what a seller of
    addresses claimed; not to know takes the place of nothing but silence.
    """
    verdict = said.email_status
    if verdict is None or said.email not in {None, lead.email} or (verdict == "unknown" and lead.email_status):
        return
    before, evidence = lead.lineage.get("email_status"), said.lineage.get("email_status")
    lead.email_status = verdict
    if evidence:
        lead.lineage["email_status"] = replace(evidence, replaced=before.source if before else None)
