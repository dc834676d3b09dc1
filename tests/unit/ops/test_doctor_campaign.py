from datetime import UTC, datetime

import pytest

from leadspiders.apis.registry import APIS
from leadspiders.campaigns.loader import load
from leadspiders.ops.doctor_campaign import answered, apis_of, caps, credential, resting
from leadspiders.ops.spending import Cap


def test_a_campaign_needs_its_sources_providers_and_receivers():
    campaign = load("performance_marketers")
    assert apis_of(campaign, ["apollo", "hunter"], APIS) == {
        "bls": "source", "apollo": "source", "hunter": "provider", "hubspot": "destination"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("api", "use", "keys", "state"),
    [
        ("apollo", "source", ["k"], "OK"),
        ("apollo", "source", [], "FAIL"),
        ("bls", "source", [], "OK"),
        ("hunter", "provider", [], "WARN"),
        ("hubspot", "destination", [], "WARN"),
    ],
)
def test_a_source_without_its_key_cannot_start(api, use, keys, state):
    assert credential(APIS[api], use, keys).state == state


@pytest.mark.parametrize(
    ("said", "state"),
    [("works", "OK"), ("free", "OK"), ("refused: 401", "FAIL"), ("no answer: away", "WARN")],
)
def test_what_the_service_says_of_a_key(said, state):
    assert answered(APIS["apollo"], said, works="works", not_asked="free").state == state


@pytest.mark.parametrize(
    ("cap", "state"),
    [
        (Cap(name="campaign", unit="usd", cap=100, used=10), "OK"),
        (Cap(name="campaign", unit="usd", cap=100, used=95), "WARN"),
        (Cap(name="campaign", unit="usd", cap=100, used=100), "FAIL"),
        (Cap(name="day 2026-05-04", unit="usd", cap=100, used=100), "WARN"),
        (Cap(name="run 1", unit="usd", cap=100, used=100), "OK"),
        (Cap(name="apollo", unit="credits", cap=100, used=100), "WARN"),
    ],
)
def test_a_campaign_without_money_cannot_go_on(cap, state):
    assert [check.state for check in caps([cap])] == [state]


def test_caps_that_do_not_add_up_are_no_matter():
    assert caps([Cap(name="lead", unit="usd", cap=1.0)]) == []


def test_a_source_that_rests_is_told_if_it_is_needed():
    closed = [("sam_gov", datetime(2026, 5, 5, tzinfo=UTC), "quota"), ("apollo", datetime(2026, 5, 5, tzinfo=UTC), "x")]
    assert [check.name for check in resting(closed, ["sam_gov", "bls"])] == ["quota of sam_gov"]
