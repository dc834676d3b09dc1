"""Fixed windows start anew at their bounds, rolling ones slide; what was refused is not counted as used."""

from leadspiders.sandbox.limits import Limits, Window

MINUTE = Window("minute", 2, 60)
ROLLING = Window("10 s", 2, 10, rolling=True)


def test_a_fixed_window_opens_again_at_its_bound() -> None:
    limits = Limits()
    assert limits.take("g", "key", [MINUTE], 118).full is None
    assert limits.take("g", "key", [MINUTE], 119).full is None
    full = limits.take("g", "key", [MINUTE], 119.5).full
    assert full is not None
    assert full.resets_in == 0.5
    assert limits.take("g", "key", [MINUTE], 120).full is None


def test_a_rolling_window_slides() -> None:
    limits = Limits()
    for at in (0, 9):
        assert limits.take("g", "key", [ROLLING], at).full is None
    assert limits.take("g", "key", [ROLLING], 9.9).full is not None
    assert limits.take("g", "key", [ROLLING], 10.1).full is None
    assert limits.take("g", "key", [ROLLING], 11).full is not None


def test_each_credential_and_group_counts_apart() -> None:
    limits = Limits()
    for group, key in (("g", "one"), ("g", "two"), ("h", "one")):
        for _ in range(2):
            assert limits.take(group, key, [MINUTE], 0).full is None
    assert limits.look("g", "one", [MINUTE], 0)[0].left == 0


def test_a_refused_call_fills_no_window_but_is_remembered() -> None:
    limits = Limits()
    day = Window("day", 100, 86400)
    for _ in range(5):
        limits.take("g", "key", [MINUTE, day], 0)
    assert limits.look("g", "key", [day], 0)[0].used == 2
    assert (limits.peaks["g per minute"].highest, limits.peaks["g per minute"].allowed) == (5, 2)


def test_the_peak_of_a_rolling_window() -> None:
    limits = Limits()
    for at in (0, 5, 20, 21, 22):
        limits.take("g", "key", [ROLLING], at)
    assert limits.peaks["g per 10 s"].highest == 3
