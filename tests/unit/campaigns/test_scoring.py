from pathlib import Path

from leadspiders.campaigns.loader import load

FIXTURES = Path(__file__).parents[3] / "fixtures" / "campaigns"


def test_a_variant_takes_the_groups_it_leaves_out_from_the_one_it_is_like():
    variants = load("performance_marketers").scoring.variants
    control, metro_first = variants["control"], variants["metro_first"]
    assert metro_first.industry == control.industry
    assert metro_first.size == control.size
    assert metro_first.place != control.place
    assert metro_first.seniority != control.seniority


def test_a_variant_keeps_its_own_share_and_form():
    variants = load("dpc_employers").scoring.variants
    assert (variants["multiplicative"].share, variants["multiplicative"].form) == (0.1, "multiplicative")
    assert variants["control"].form == "additive"


def test_a_variant_may_stand_before_the_one_it_is_like():
    variants = load(FIXTURES / "unusual_but_valid.toml").scoring.variants
    assert variants["with blank"].place == variants["b"].place
    assert variants["with blank"].share == 0.3
