from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspiders.campaigns.loader import load
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.variants import assign, sticky_key

MARKETERS = load("performance_marketers")
EMPLOYERS = load("dpc_employers")


def with_shares(**shares):
    one = EMPLOYERS.scoring.variants["control"]
    variants = {name: one.model_copy(update={"share": share}) for name, share in shares.items()}
    return EMPLOYERS.model_copy(update={"scoring": EMPLOYERS.scoring.model_copy(update={"variants": variants})})


def test_companies_spread_by_the_shares():
    drawn = Counter(assign(EMPLOYERS, f"company {n}") for n in range(10_000))
    # Three standard deviations of a share of 0.8 and 0.1 in 10,000 draws are 120 and 90.
    assert drawn["control"] == pytest.approx(8_000, abs=120)
    assert drawn["multiplicative"] == pytest.approx(1_000, abs=90)
    assert drawn["geography"] == pytest.approx(1_000, abs=90)


def test_the_draw_is_the_same_for_ever():
    # Written down: a change of the hash would move companies between the sides of a running experiment.
    drawn = [assign(EMPLOYERS, f"company {n}") for n in range(8)]
    assert [name[0] for name in drawn] == ["c", "c", "c", "m", "c", "c", "m", "m"]


def test_another_campaign_draws_anew():
    twin = MARKETERS.model_copy(update={"name": "another"})
    keys = [f"company {n}" for n in range(1_000)]
    same = sum(assign(MARKETERS, key) == assign(twin, key) for key in keys)
    assert 400 < same < 600


@given(st.text())
def test_a_variant_with_no_share_is_never_drawn(key):
    assert assign(with_shares(off=0.0, on=1.0, last_off=0.0), key) == "on"


@given(st.text())
def test_shares_that_miss_1_by_a_rounding_still_draw(key):
    assert assign(with_shares(a=0.7, b=0.2, c=0.1), key) in {"a", "b", "c"}


def test_a_company_is_recognized_by_its_name_before_and_after_the_match():
    masked = Company(name="Example Shop, Inc.")
    matched = Company(name="Example Shop", domain="shop.example.com", uei="ABCDEFGH1J23", provider_key="apollo:1")
    assert sticky_key(masked, Contact(provider_key="apollo:p1")) == sticky_key(matched, None) != ""


@pytest.mark.parametrize(
    ("company", "contact", "key"),
    [
        (Company(domain="shop.example.com", uei="U"), None, "shop.example.com"),
        (Company(uei="ABCDEFGH1J23"), None, "ABCDEFGH1J23"),
        (Company(provider_key="apollo:1"), None, "apollo:1"),
        (Company(), Contact(provider_key="apollo:p1"), "apollo:p1"),
        (Company(), None, ""),
    ],
)
def test_without_a_name_the_next_key_counts(company, contact, key):
    assert sticky_key(company, contact) == key
