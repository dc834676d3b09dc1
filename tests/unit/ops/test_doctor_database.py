import pytest

from leadspiders.ops.doctor_database import clocks


@pytest.mark.parametrize(
    ("postgres", "redis", "state"),
    [
        (0.01, -0.02, "OK"),
        (3.0, 3.0, "WARN"),
        (1.5, -1.5, "WARN"),
        (None, 0.0, "OK"),
        (None, None, "OK"),
        (-90.0, 0.0, "FAIL"),
    ],
)
def test_clocks_that_are_apart_are_told(postgres, redis, state):
    assert clocks(postgres, redis).state == state
