from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.learning import WHOLE, Value, Yield, explores, segment

PRICES = {"a/find": 0.1, "b/find": 0.1, "c/find": 0.01}
BOTH = ["a/find", "b/find"]


def test_nothing_learnt_leaves_the_order_as_it_is_at_equal_prices():
    assert Value(PRICES, {}).ranked(BOTH, "email", "6/OH") == BOTH
    assert Value(PRICES, {}).ranked(BOTH[::-1], "email", "6/OH") == BOTH[::-1]


def test_who_finds_more_for_a_dollar_comes_first():
    learnt = {
        ("a/find", "email", WHOLE): Yield(asked=100, found=20, usd=10.0),
        ("b/find", "email", WHOLE): Yield(asked=100, found=80, usd=10.0),
    }
    assert Value(PRICES, learnt).ranked(BOTH, "email", "6/OH") == ["b/find", "a/find"]
    assert Value(PRICES, learnt).ranked([*BOTH, "c/find"], "email", "6/OH")[0] == "c/find"  # a tenth of the price
    assert Value(PRICES, learnt).ranked(BOTH, "phone", "6/OH") == BOTH  # another field


def test_a_segment_outweighs_the_rest_once_it_is_known_well_enough():
    learnt = {
        ("a/find", "email", WHOLE): Yield(asked=1000, found=300, usd=100.0),
        ("b/find", "email", WHOLE): Yield(asked=1000, found=500, usd=100.0),
        ("a/find", "email", "6/OH"): Yield(asked=50, found=45, usd=5.0),
        ("b/find", "email", "6/OH"): Yield(asked=50, found=5, usd=5.0),
        ("a/find", "email", "6/TX"): Yield(asked=1, found=1, usd=0.1),
    }
    value = Value(PRICES, learnt)
    assert value.ranked(BOTH, "email", "6/OH") == ["a/find", "b/find"]
    assert value.ranked(BOTH, "email", "6/TX") == ["b/find", "a/find"]  # one answer proves little


def test_draws_are_the_same_for_the_same_lead_and_try_what_is_little_known():
    learnt = {("a/find", "email", WHOLE): Yield(asked=500, found=300, usd=50.0)}
    value = Value(PRICES, learnt)
    firsts = [value.ranked(BOTH, "email", "-", f"lead {number}")[0] for number in range(300)]
    assert firsts == [value.ranked(BOTH, "email", "-", f"lead {number}")[0] for number in range(300)]
    assert 30 < firsts.count("b/find") < 270


def test_the_share_of_leads_on_which_another_order_is_tried_is_drawn_by_hash():
    drawn = [explores(f"lead {number}", 0.2) for number in range(2000)]
    assert drawn == [explores(f"lead {number}", 0.2) for number in range(2000)]
    assert 300 < sum(drawn) < 500
    assert not any(explores(f"lead {number}", 0.0) for number in range(100))


def test_segments_are_few():
    contact = Contact(state="OH", company=Company(employees=120, naics_code="541511", state="TX"))
    assert segment(contact, "contact") == "6/OH"
    assert segment(contact, "company") == "6/54"
    assert segment(Contact(), "contact") == segment(Contact(), "company") == "-/-"
