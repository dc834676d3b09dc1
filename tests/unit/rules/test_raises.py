"""What would raise a score is what the rules themselves say of the lead with that one thing known."""

from dataclasses import replace

import pytest

from leadspiders.campaigns.loader import load
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.fit import fit
from leadspiders.rules.quality import quality
from leadspiders.rules.raises import raises

DPC = load("dpc_employers")
MARKETERS = load("performance_marketers")
GEAR = Company(name="Ohio Gear", domain="ohiogear.com", naics_code="332710", employees=140, state="OH", city="Dayton")


def of(found: list, score: str) -> dict[str, int]:
    return {one.what: one.points for one in found if one.score == score}


@pytest.mark.parametrize("variant", sorted(DPC.scoring.variants))
def test_one_person_more_is_worth_what_the_rules_give(variant: str) -> None:
    found = of(raises(GEAR, None, DPC, variant, titles=["HR Director"]), "fit")
    more = fit(replace(GEAR, decision_makers=1), None, DPC, variant)[0] - fit(GEAR, None, DPC, variant)[0]
    assert more > 0
    assert found == {"a Benefits Manager": more}


def test_nobody_else_is_asked_for_once_the_cap_is_reached() -> None:
    full = replace(GEAR, decision_makers=50)
    assert raises(full, None, DPC, next(iter(DPC.scoring.variants))) == []


def test_unknown_answers_are_worth_at_most_the_best_one() -> None:
    blank = Company(name="Ohio Gear")
    found = raises(blank, None, DPC, next(iter(DPC.scoring.variants)))
    assert {one.what for one in found if not one.sure} == {
        "the industry known", "the number of staff known", "the place known",
    }  # fmt: skip
    assert all(one.points > 0 for one in found)


def test_an_address_is_worth_more_the_less_is_known_of_it() -> None:
    lead = Contact(full_name="Dana Field", company=GEAR)
    variant = next(iter(MARKETERS.scoring.variants))
    without = of(raises(GEAR, lead, MARKETERS, variant), "quality")
    assert without["a verified e-mail address"] == 30
    risky = replace(lead, email="dana@ohiogear.com", email_status="risky")
    assert of(raises(GEAR, risky, MARKETERS, variant), "quality")["the e-mail address verified"] == 15
    valid = replace(lead, email="dana@ohiogear.com", email_status="valid")
    assert not any("e-mail" in what for what in of(raises(GEAR, valid, MARKETERS, variant), "quality"))


def test_what_is_sure_holds_to_the_point() -> None:
    lead = Contact(title="PPC Manager", company=Company(name="Ohio Gear"), city="Dayton", state="OH")
    variant = next(iter(MARKETERS.scoring.variants))
    before = quality(lead, MARKETERS)[0]
    found = {one.what: one for one in raises(lead.company, lead, MARKETERS, variant) if one.score == "quality"}
    named = quality(replace(lead, full_name="Ann Lee"), MARKETERS)[0] - before
    assert (found["the full name"].points, found["the full name"].sure) == (named, True)
    sized = quality(replace(lead, company=replace(lead.company, employees=900)), MARKETERS)[0] - before
    assert found["the company's size"].points == sized > 0
