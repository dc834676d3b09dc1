from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspiders.apis.sam_gov.pages import entities_call
from leadspiders.apis.sam_gov.question import EARLIEST, Question, in_order

TODAY = date(2026, 11, 21)
STATES = ("CA", "OH", "TX")


def test_a_question_in_the_words_of_the_register():
    asked = Question(
        states=("OH", "TX"), status="A", naics=("3327",), updated=(date(2026, 11, 1), TODAY), registered=(TODAY, TODAY)
    )
    assert asked.filters() == {
        "physicalAddressProvinceOrStateCode": ["OH", "TX"],
        "registrationStatus": "A",
        "primaryNaics": ["332710", "332721", "332722"],
        "updateDate": "[11/01/2026,11/21/2026]",
        "registrationDate": "[11/21/2026,11/21/2026]",
    }
    assert dict(entities_call(**asked.filters()).params)["physicalAddressProvinceOrStateCode"] == "[OH~TX]"


def test_codes_that_ended_are_asked_for_too():
    assert "511210" in Question(naics=("5112",)).filters()["primaryNaics"]
    assert Question(naics=("999999",)).filters() == {"primaryNaics": ["999999"]}


def test_everywhere_is_cut_by_state_and_nobody_is_left_outside():
    *by_state, elsewhere = Question(country="USA", status="A").parts(STATES, TODAY)
    assert [part.states for part in by_state] == [("CA",), ("OH",), ("TX",)]
    assert {part.country for part in by_state} == {"USA"}
    assert elsewhere.filters() == {
        "physicalAddressProvinceOrStateCode": "![CA~OH~TX]",
        "physicalAddressCountryCode": "USA",
        "registrationStatus": "A",
    }


def test_states_then_industries_then_days():
    both = Question(states=("OH", "TX"), naics=("33", "54"))
    (ohio, _) = both.parts(STATES, TODAY)
    (metal, _) = ohio.parts(STATES, TODAY)
    (early, late) = metal.parts(STATES, TODAY)
    assert (ohio.states, metal.naics) == (("OH",), ("33",))
    assert early.registered[0] == EARLIEST
    assert early.registered[1] + timedelta(days=1) == late.registered[0]
    assert late.registered[1] == TODAY


def test_those_outside_the_states_are_cut_by_days():
    first, second = Question(states=("OH", "TX"), elsewhere=True).parts(STATES, TODAY)
    assert first.elsewhere
    assert first.registered[1] < second.registered[0]


@given(day=st.dates(EARLIEST, TODAY))
def test_every_day_is_in_one_part_down_to_a_single_day(day):
    asked, cuts = Question(states=("OH",)), 0
    while parts := asked.parts(STATES, TODAY):
        (asked,) = [part for part in parts if part.registered[0] <= day <= part.registered[1]]
        cuts += 1
    assert asked.registered == (day, day)
    assert cuts < 35


@pytest.mark.parametrize(
    ("states", "ranked", "expected"),
    [
        ((), (), [((), False)]),
        (("OH",), ("TX", "OH"), [(("OH",), False)]),
        (("OH", "TX", "CA"), ("TX", "NY"), [(("TX",), False), (("OH", "CA"), False)]),
        (("OH", "TX"), ("TX", "OH"), [(("TX",), False), (("OH",), False)]),
        (("OH", "TX"), ("NY",), [(("OH", "TX"), False)]),
        ((), ("TX", "OH"), [(("TX",), False), (("OH",), False), (("TX", "OH"), True)]),
    ],
)
def test_the_best_markets_come_first_and_the_rest_in_one_question(states, ranked, expected):
    questions = in_order(Question(states=states), ranked)
    assert [(question.states, question.elsewhere) for question in questions] == expected


def test_a_question_in_words():
    assert str(Question(country="USA")) == "USA"
    assert str(Question(states=("OH", "TX"), elsewhere=True)) == "outside OH, TX"
    assert str(Question(naics=("33",), registered=(TODAY, TODAY))) == (
        "everywhere, NAICS 33, registered 2026-11-21 to 2026-11-21"
    )
