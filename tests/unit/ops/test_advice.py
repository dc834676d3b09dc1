import pytest

from leadspiders.ops.advice import advice, plain


@pytest.fixture
def calm(status):
    return status | {"parked": {}, "pending": 0}


def advise(status, campaign, **changed):
    given = {"goal": 2000, "delivered": {"hubspot": {"sent": 2010}}, "sandbox": False} | changed
    return advice(status, campaign, **given)


def test_when_all_is_well_the_leads_are_all_there_is_to_say(calm, campaign):
    assert advise(calm, campaign) == ["Take the leads with you: `scrapy leads performance_marketers -O leads.xlsx`"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"balanced": False}, "does not add up"),
        ({"errors": 500}, "errors"),
        ({"parked": {"shape": 3, "size": 1}}, "4 records are parked, most for shape (3)"),
        ({"pending": 7}, "7 records are still pending"),
    ],
)
def test_each_trouble_has_its_sentence(calm, campaign, changed, words):
    assert words in advise(calm | changed, campaign)[0]


def test_a_missed_goal_names_what_binds(calm, campaign):
    spent = advise(calm | {"spend_usd": 9_600.0}, campaign, goal=3000)
    unmatched = advise(calm, campaign, goal=3000)
    calm["leads"]["identified"] = 0
    exhausted = advise(calm, campaign, goal=3000)

    assert "`budget.cap_usd`" in spent[0]
    assert unmatched[0].startswith("60 leads wait for a match")
    assert exhausted[0].startswith("Every record the sources gave is used")


def test_deliveries_that_wait_or_were_refused_are_told_apart(calm, campaign):
    found = advise(calm, campaign, delivered={"hubspot": {"sent": 1, "failed": 2, "dead": 3}})

    assert found[0].startswith("2 records wait")
    assert found[1].startswith("3 deliveries were refused")


def test_a_rehearsal_ends_with_the_way_to_the_real_thing(calm, campaign):
    assert "rehearsal" in advise(calm, campaign, sandbox=True)[0]


def test_unverified_addresses_are_warned_about(calm, campaign):
    calm["leads"]["email_verified"] = 10

    assert "`providers.verify`" in advise(calm, campaign)[0]


def test_on_a_terminal_nothing_but_the_command_is_there_to_copy():
    assert plain("run `scrapy list`") == "run scrapy list"
