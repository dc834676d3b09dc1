from decimal import Decimal

import pytest

from leadspiders.stores.postgres.spend_limits import Caps, Refused, Sale, Used, binding, too_dear


def sale(*, credits_each="1", usd_each="0.1"):
    return Sale(provider="made", offer="look-up", credits_each=Decimal(credits_each), usd_per_credit=Decimal(usd_each))


def asked(caps, used=None, *, facts=10, **price):
    return binding(caps, used or Used(), sale(**price), facts=facts)


def test_without_caps_everything_fits():
    assert asked(Caps()) is None


@pytest.mark.parametrize(
    ("caps", "used", "reason", "fits"),
    [
        (Caps(campaign_usd=1), Used(campaign=Decimal("0.75")), "campaign-cap", 2),
        (Caps(run_usd=1), Used(run=Decimal("0.95")), "run-cap", 0),
        (Caps(day_usd=0.9), Used(), "day-cap", 9),
        (Caps(call_usd=0.35), Used(campaign=Decimal(99)), "call-cap", 3),
        (Caps(credits=12), Used(credits=Decimal(8)), "credit-cap", 4),
        (Caps(provider_usd=0.5), Used(provider=Decimal("0.45")), "provider-cap", 0),
        (Caps(campaign_usd=1, credits=3), Used(campaign=Decimal("0.5")), "credit-cap", 3),
    ],
)
def test_the_tightest_cap_is_named_with_the_room_it_leaves(caps, used, reason, fits):
    assert asked(caps, used) == Refused(reason=reason, fits=fits)


def test_a_cap_can_be_used_up_to_the_cent():
    # 0.1 + 0.2 is more than 0.3 in floats.
    assert asked(Caps(campaign_usd=0.3), Used(campaign=Decimal("0.1")), facts=2) is None


def test_more_than_the_cap_was_spent_before():
    assert asked(Caps(campaign_usd=1), Used(campaign=Decimal(5))) == Refused(reason="campaign-cap", fits=0)


def test_what_is_free_needs_no_room():
    assert asked(Caps(campaign_usd=0, credits=0), credits_each="0") is None


def test_each_lead_has_a_cap_of_its_own():
    leads = {"a": "ann", "b": "ann", "c": "bob", "d": "eve"}
    found = too_dear(Caps(lead_usd=0.25), {"ann": Decimal("0.1"), "eve": Decimal("0.2")}, sale(), leads)
    assert found == Refused(reason="lead-cap", taken=frozenset("bd"))


def test_without_a_cap_no_lead_is_too_dear():
    assert too_dear(Caps(), {"ann": Decimal(99)}, sale(), {"a": "ann"}) is None
