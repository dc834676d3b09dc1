from pathlib import Path

import pytest

from leadspiders.apis.described.description import read_description
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import converse
from leadspiders.errors import SetupError
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.providers import http
from leadspiders.providers.http import Described, Http

FILES = Path(__file__).parents[3] / "fixtures" / "providers"
PEOPLE, VERDICTS = (Described(read_description(FILES / f"{name}.toml")) for name in ("people", "verdicts"))
DANA = Contact(full_name="Dana Field", company=Company(domain="gear.example.com"))


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(http, "DESCRIBED", {})
    monkeypatch.setattr(http, "MISTAKES", [])


def test_one_offer_a_file():
    http.DESCRIBED["http_people"] = PEOPLE.description
    assert [(offer.provider, offer.name, offer.batch) for offer in Http().offers()] == [("http", "people", 1)]


def test_no_file_and_a_wrong_one_say_what_to_do():
    with pytest.raises(SetupError, match="LEADS_HTTP_PROVIDERS"):
        Http().offers()
    http.MISTAKES.append("people.toml:3: credits: is missing")
    with pytest.raises(SetupError, match=r"people\.toml:3"):
        Http().offers()


def test_a_verdict_is_sold_where_an_address_is_asked_about():
    assert PEOPLE.fills == {"email", "phone", "title", "employees"}
    assert VERDICTS.fills == {"email_status"}


def test_who_wants_what():
    assert PEOPLE.wants(DANA)
    assert not PEOPLE.wants(Contact(company=DANA.company))
    full = Contact(full_name="Dana", email="d@example.com", phone="+1", title="CFO")
    full.company = Company(domain="gear.example.com", employees=7)
    assert not PEOPLE.wants(full)
    assert VERDICTS.wants(Contact(email="d@example.com", email_status="valid"))
    assert not VERDICTS.wants(DANA)


def test_the_question_is_the_fact():
    assert PEOPLE.fact(DANA) == PEOPLE.fact(Contact(full_name="DANA FIELD", title="CFO", company=DANA.company))
    assert PEOPLE.fact(DANA) != PEOPLE.fact(Contact(full_name="Dana", company=DANA.company))
    assert PEOPLE.fact(DANA) != Described(PEOPLE.description.model_copy(update={"name": "other"})).fact(DANA)


def test_an_empty_answer_costs_what_the_file_says(reply):
    empty = reply({"person": None})
    assert converse(PEOPLE.ask([DANA], Drift()), [empty])[0].credits == 0.0
    asked = Described(PEOPLE.description.model_copy(update={"charged": "asked"}))
    assert converse(asked.ask([DANA], Drift()), [empty])[0].credits == 1.0
    found, _ = converse(PEOPLE.ask([DANA], Drift()), [reply({"person": {"position": "CFO"}})])
    assert (found.credits, PEOPLE.read(found.replies[0], DANA).title) == (1.0, "CFO")
