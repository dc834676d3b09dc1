"""A company that asked to be left alone stays out, whoever is found there next and however its records meet."""

from dataclasses import replace

import pytest

from leadspiders.items.company import Company
from leadspiders.stores.postgres import suppressions
from leadspiders.stores.postgres.employer_scores import Judgment
from leadspiders.stores.postgres.writer import Writer

DOMAIN = b"domain:firm0.example.com"


@pytest.fixture
def employ(using, keyed_hash, scores):
    """Write leads in a campaign whose employers are leads, too."""
    judgment = Judgment(score=lambda lead: scores(), counts=lambda contact: True, employers=True)

    async def written(database, leads, campaign):
        writer = Writer(
            database,
            campaign=campaign,
            run_id="run",
            keyed_hash=keyed_hash,
            deliver=lambda lead: ["hubspot"],
            judgment=judgment,
        )
        return await writer.write(leads)

    return lambda *leads, campaign="spring": using(written, leads, campaign)


@pytest.fixture
def opt_out(using):
    return lambda kind, hash_: using(lambda database: suppressions.add(database, [(kind, hash_)], reason="asked"))


@pytest.fixture
def standings(rows):
    """`(state, qualified, deliveries)` of all leads -> how many."""
    query = """
    SELECT p.lead_state, p.is_qualified, o.state, count(*) FROM prospects p
      LEFT JOIN outbox o ON o.lead_id = p.lead_id AND o.campaign = p.campaign GROUP BY 1, 2, 3
    """
    return lambda: {(row["lead_state"], row["is_qualified"], row["state"]): row["count"] for row in rows(query)}


def test_the_next_of_its_people_does_not_bring_it_back(employ, opt_out, standings, person):
    employ(person(0))
    assert standings() == {("ready", True, "pending"): 2}
    assert opt_out("domain", DOMAIN).leads == 2
    assert standings() == {("suppressed", False, "suppressed"): 2}
    employ(person(1))
    assert {state for state, *_ in standings()} == {"suppressed"}
    assert not any(qualified or waits == "pending" for _, qualified, waits in standings())


def test_nor_does_one_whose_record_names_it_by_another_key(employ, opt_out, standings, person):
    employ(person(0))
    opt_out("domain", DOMAIN)
    employ(person(1, email=None, company=Company(name="Firm 0", provider_key="apollo:o0")))
    assert standings() == {("suppressed", False, "suppressed"): 2, ("suppressed", False, None): 1}


def test_who_opted_out_comes_back_only_once_that_is_taken_back(using, employ, opt_out, standings, person):
    employ(person(0))
    opt_out("domain", DOMAIN)
    using(suppressions.remove, [DOMAIN])
    employ(person(0, title="CFO"))
    assert standings() == {("ready", True, "pending"): 2}


def test_who_turns_out_to_work_there_leaves_every_campaign(employ, opt_out, standings, person, rows):
    beta = Company(name="Beta Gears", uei="ABCDEFGHIJK1", employees=120, city="Boise", state="ID")
    colleague = person(9, company=beta, email="bo@beta.example.com")
    employ(colleague)
    employ(colleague, campaign="autumn")
    employ(person(0))
    opt_out("domain", DOMAIN)
    assert sum(leads for (state, *_), leads in standings().items() if state != "suppressed") == 4
    employ(replace(beta, name="Firm 0 Works", domain="firm0.example.com", provider_key="apollo:o0"))
    assert len(rows("SELECT FROM companies")) == 1
    assert {state for state, *_ in standings()} == {"suppressed"}
    assert not any(waits == "pending" for *_, waits in standings())
