import time

from leadspiders.stores.postgres.ids import Ids, new_id


def test_an_id_says_its_version_and_variant():
    made = new_id()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


def test_an_id_begins_with_the_time():
    before = time.time_ns() // 1_000_000
    assert before <= Ids()().int >> 80 <= time.time_ns() // 1_000_000


def test_ids_ascend_even_within_a_millisecond():
    made = [new_id() for _ in range(2000)]
    assert made == sorted(set(made))
