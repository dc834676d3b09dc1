from datetime import UTC, datetime

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.evidence import Evidence
from leadspiders.items.origin import Origin
from leadspiders.rules.passport import stamp
from leadspiders.rules.take_in import take_in

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ORIGIN = Origin(source="file:zoominfo", url="file:///x.csv", fetched_at=NOON, run_id="r", receipt="f.0", index=0)


def answer(**fields):
    said = Contact(**fields)
    stamp(said, source="hunter", at=NOON, receipt="hunter:abc", usd=0.1)
    return said


def test_the_price_is_shared_by_the_fields_of_the_answer():
    said = answer(email="ada@example.com", title="CFO", company=Company(domain="example.com", employees=90))
    evidence = [*said.lineage.values(), *said.company.lineage.values()]
    assert sorted([*said.lineage, *said.company.lineage]) == ["domain", "email", "employees", "title"]
    assert {(one.source, one.at, one.receipt, one.cost_usd) for one in evidence} == {
        ("hunter", NOON, "hunter:abc", 0.025)
    }


def test_a_confidence_that_the_reader_noted_stays():
    noted = Evidence(source="", at=NOON, receipt="", confidence=0.93)
    said = answer(email="ada@example.com", email_status="risky", title="CFO", lineage={"email": noted})
    assert said.lineage["email"].confidence == 0.93
    assert answer(email="ada@example.com", email_status="risky").lineage["email"].confidence == 0.5


def test_a_better_address_takes_the_place_of_a_dead_one_and_says_whose_it_was():
    lead = Contact(email="old@example.com", email_status="invalid", full_name="Ada Example", origin=ORIGIN)
    take_in(lead, answer(email="ada@example.com", email_status="unknown"))
    assert lead.email == "ada@example.com"
    assert lead.email_status == "unknown"
    assert lead.lineage["email"].replaced == "file:zoominfo"
    assert lead.lineage["email_status"].source == "hunter"


def test_a_dead_address_never_takes_the_place_of_a_better_one():
    lead = Contact(email="ada@example.com", email_status="risky", full_name="Ada Example")
    take_in(lead, answer(email="old@example.com", email_status="invalid"))
    assert (lead.email, lead.email_status) == ("ada@example.com", "risky")


def test_a_seller_does_not_overrule_who_found_the_address_dead():
    lead = Contact(email="ada@example.com", email_status="invalid", full_name="Ada Example")
    take_in(lead, answer(email="ada@example.com", email_status="valid", title="CFO"))
    assert (lead.email_status, lead.title) == ("invalid", "CFO")


def test_an_answer_about_a_company_alone_goes_into_the_company():
    lead = Contact(company=Company(name="Example Advice", domain="example.com"))
    take_in(lead, answer(company=Company(domain="example.com", employees=90)))
    assert lead.company.employees == 90
    assert lead.company.lineage["employees"].source == "hunter"
