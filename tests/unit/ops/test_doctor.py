import pytest

from leadspiders.errors import StoreError
from leadspiders.ops.doctor import doubt, failure, from_error, go, well


def test_a_doubt_is_no_obstacle_and_a_failure_is():
    assert go([well("a", "fine"), doubt("b", "old", "renew it")])
    assert not go([well("a", "fine"), failure("b", "gone", "bring it back")])


@pytest.mark.parametrize(
    ("message", "said", "advice"),
    [
        ("no answer at h:1/d (refused): check the URL", "no answer at h:1/d (refused)", "check the URL"),
        ("it is broken", "it is broken", "it is broken"),
    ],
)
def test_an_error_of_ours_says_what_is_wrong_and_what_to_do(message, said, advice):
    check = from_error("database", StoreError(message))
    assert (check.state, check.said, check.advice) == ("FAIL", said, advice)
