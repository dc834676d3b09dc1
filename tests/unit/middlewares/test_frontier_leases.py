from scrapy import Request

from leadspiders.middlewares.frontier_leases import MOST_AT_ONCE, Lease, Leases
from leadspiders.stores.redis.frontier import Held, Message, Nack

PAUSE = 5.0


def lease(number: int, until: float = 100.0) -> Lease:
    return Lease(Held(bytes([number]) * 16, number), Request(f"https://example.com/{number}"), until)


def leases(*numbers: int) -> Leases:
    made = Leases(PAUSE)
    made.buffer.extend(lease(number) for number in numbers)
    return made


def message(number: int = 0) -> Message:
    return Message(id=bytes([number]) * 16, payload=b"")


def begun(made: Leases, now: float = 0.0) -> Request:
    request = made.next(now)
    assert request
    return request


def tell(made: Leases) -> tuple[int, list[int], list[Nack]]:
    """One trip: how many were pushed, tokens of the acks, nacks."""
    push, ended = made.told()
    acks, nacks = made.nacks(ended)
    made.confirm(len(push), ended)
    return len(push), [held.token for held in acks], nacks


def test_a_request_is_held_until_the_engine_is_through_with_it() -> None:
    made = leases(1)
    request = begun(made)
    assert not made.sweep({request})
    made.of(request).answered = True  # type: ignore[union-attr]
    assert tell(made) == (0, [], [])
    assert made.sweep(())
    assert tell(made) == (0, [1], [])
    assert not made.busy


def test_a_parent_is_acked_only_after_its_children_are_confirmed() -> None:
    made = leases(1)
    request = begun(made)
    made.of(request).answered = True  # type: ignore[union-attr]
    for number in range(MOST_AT_ONCE + 1):
        made.enqueue(message(number % 256))
    made.sweep(())
    assert tell(made) == (MOST_AT_ONCE, [], [])
    assert tell(made) == (1, [], [])
    assert tell(made) == (0, [1], [])


def test_what_was_enqueued_after_the_end_is_no_child() -> None:
    made = leases(1)
    made.of(begun(made)).answered = True  # type: ignore[union-attr]
    made.sweep(())
    made.enqueue(message())
    assert tell(made) == (1, [1], [])


def test_a_failure_is_tried_again_after_a_pause_or_buried_when_it_is_final() -> None:
    made = leases(1, 2)
    for final in (False, True):
        found = made.of(begun(made))
        assert found
        found.answered, found.failure, found.final = True, "error: KeyError", final
    made.sweep(())
    assert [(nack.reason, nack.pause) for nack in tell(made)[2]] == [
        ("error: KeyError", PAUSE),
        ("error: KeyError", None),
    ]


def test_a_request_that_ended_without_an_answer_or_a_failure_is_not_taken_for_done() -> None:
    made = leases(1)
    begun(made)
    made.sweep(())
    assert [nack.reason for nack in tell(made)[2]] == ["no answer"]


def test_what_is_given_back_was_not_tried_whatever_else_is_known_of_it() -> None:
    made = leases(1)
    found = made.of(begun(made))
    assert found
    found.failure, found.given_back = "error: StoreError", True
    made.sweep(())
    assert tell(made)[2] == [Nack(held=found.held)]


def test_a_retry_goes_on_under_the_lease_and_before_what_waits() -> None:
    made = leases(1, 2)
    first = begun(made)
    retry = first.replace(dont_filter=True)
    found = made.of(retry)
    assert found
    found.answered = True
    assert made.repeat(found, retry)
    assert not made.sweep(())
    assert begun(made) is retry
    made.sweep(())
    assert [nack.held.token for nack in tell(made)[2]] == [1], "the first answer was no answer to the retry"


def test_when_the_worker_ends_what_was_not_begun_goes_back() -> None:
    made = leases(1, 2, 3)
    first, second = begun(made), begun(made)
    made.of(first).answered = True  # type: ignore[union-attr]
    again = made.of(second)
    assert again
    made.repeat(again, second.copy())
    made.sweep(())
    made.release()
    pushed, acks, nacks = tell(made)
    assert (pushed, acks) == (0, [1])
    assert sorted(nack.held.token for nack in nacks) == [2, 3]
    assert {nack.reason for nack in nacks} == {""}
    assert not made.busy


def test_a_lease_that_ran_out_is_kept_back_until_redis_says_whose_it_is() -> None:
    made = leases(1, 2)
    assert made.next(100.0) is None
    held = made.held()
    made.extended(held, 200.0, lost=held[:1])
    assert begun(made, 100.0).url.endswith("/2")
    assert made.next(100.0) is None


def test_a_lost_lease_is_neither_acked_nor_tried_again() -> None:
    made = leases(1)
    request = begun(made)
    found = made.of(request)
    assert found
    made.extended(made.held(), 200.0, lost=[found.held])
    assert not made.repeat(found, request.copy())
    assert made.held() == []
    made.sweep(())
    assert tell(made) == (0, [], [])
    assert not made.busy


def test_an_ended_lease_that_was_lost_before_it_was_told_is_forgotten() -> None:
    made = leases(1)
    made.of(begun(made)).answered = True  # type: ignore[union-attr]
    made.sweep(())
    made.extended(made.held(), 200.0, lost=made.held())
    assert not made.untold


def test_a_lease_goes_on_until_its_end_is_told() -> None:
    made = leases(1, 2)
    made.of(begun(made)).answered = True  # type: ignore[union-attr]
    made.sweep(())
    assert sorted(held.token for held in made.held()) == [1, 2]
    assert [held.token for held in made.held(besides=made.told()[1])] == [2]


def test_what_is_no_request_is_buried() -> None:
    made = Leases(PAUSE)
    made.refuse(Held(b"x" * 16, 7), "unreadable: no JSON")
    assert tell(made)[2] == [Nack(held=Held(b"x" * 16, 7), reason="unreadable: no JSON", pause=None)]


def test_a_request_of_nobody_has_no_lease() -> None:
    assert Leases(PAUSE).of(Request("https://example.com")) is None
    assert Leases(PAUSE).of(Request("https://example.com", meta={"frontier_id": "old:1"})) is None
