from datetime import UTC, datetime

import pytest

from leadspiders.items.contact import Contact
from leadspiders.items.evidence import Evidence
from leadspiders.rules.verdict import apply_verdict
from leadspiders.rules.waterfall import unproven

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ADDRESS = "ada@example.com"


def said(status, *, by="neverbounce", email=ADDRESS):
    evidence = Evidence(source=by, at=NOON, receipt=f"{by}:1")
    return Contact(email=email, email_status=status, lineage={"email_status": evidence})


@pytest.mark.parametrize(
    ("before", "verdict", "after"),
    [
        (None, "valid", "valid"),
        ("valid", "invalid", "invalid"),
        ("valid", "risky", "risky"),  # a seller's word against a look at the host
        ("valid", "unknown", "valid"),
        ("risky", "unknown", "risky"),
        (None, "unknown", "unknown"),
        ("risky", "valid", "valid"),
    ],
)
def test_the_last_word_counts_and_a_half_one_only_against_less(before, verdict, after):
    lead = Contact(email=ADDRESS, email_status=before)
    apply_verdict(lead, said(verdict))
    assert lead.email_status == after


def test_a_verdict_on_another_address_says_nothing():
    lead = Contact(email=ADDRESS, email_status="risky")
    apply_verdict(lead, said("valid", email="bob@example.com"))
    assert lead.email_status == "risky"


def test_who_said_so_is_kept_with_whom_it_replaced():
    lead = said("valid", by="apollo")
    assert unproven(lead, ["neverbounce", "hunter"])
    apply_verdict(lead, said("valid"))
    assert lead.lineage["email_status"].source == "neverbounce"
    assert lead.lineage["email_status"].replaced == "apollo"
    assert not unproven(lead, ["neverbounce", "hunter"])


def test_a_half_verdict_leaves_the_address_unproven():
    lead = Contact(email=ADDRESS)
    apply_verdict(lead, said("risky"))
    assert unproven(lead, ["neverbounce"])
