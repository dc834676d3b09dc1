"""A repeat costs the same again, and is remembered as one."""

from leadspiders.sandbox.charges import Charges


def test_repeats_are_counted() -> None:
    charges = Charges()
    assert charges.charge("apollo", ["person 1", "person 2"]) == 2
    assert charges.charge("apollo", ["person 2", "person 3"], credits_each=8) == 16
    assert charges.credits["apollo"] == 18
    assert charges.charged_twice("apollo") == 1
    assert charges.charged_twice("other") == 0
