import pytest

from leadspiders.ops.doctor_redis import check, judge

GOOD = {"redis_version": "7.2.4", "valkey_version": "9.1.2", "maxmemory": 0, "maxmemory_policy": "noeviction"}


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "OK"),
        ({"redis_version": "6.0.1"}, "FAIL"),
        ({"maxmemory": 100, "maxmemory_policy": "allkeys-lru"}, "FAIL"),
        ({"maxmemory": 0, "maxmemory_policy": "allkeys-lru"}, "OK"),
        ({"role": "slave"}, "FAIL"),
    ],
)
def test_what_would_lose_the_queue_is_a_failure(change, state):
    assert judge(GOOD | change).state == state


def test_one_that_does_not_answer_has_no_clock():
    found, skew = check("redis://127.0.0.1:1")
    assert (found.state, skew) == ("FAIL", None)
