import asyncio

import pytest

from leadspiders.pipelines.batcher import Batcher


def test_gathers_concurrent_questions_into_one_call() -> None:
    calls: list[list[int]] = []

    async def work(questions: list[int]) -> list[int]:
        calls.append(questions)
        return [question * 10 for question in questions]

    async def main() -> list[int]:
        batcher = Batcher(work, size=100, linger=0.01)
        return await asyncio.gather(*(batcher.ask(number) for number in range(7)))

    assert asyncio.run(main()) == [0, 10, 20, 30, 40, 50, 60]
    assert calls == [[0, 1, 2, 3, 4, 5, 6]]


def test_a_full_batch_goes_at_once_and_none_is_larger() -> None:
    sizes: list[int] = []

    async def work(questions: list[int]) -> list[int]:
        sizes.append(len(questions))
        return questions

    async def main() -> list[int]:
        batcher = Batcher(work, size=3, linger=60)
        return await asyncio.gather(*(batcher.ask(number) for number in range(6)))

    assert asyncio.run(main()) == list(range(6))
    assert sizes == [3, 3]


def test_while_all_lanes_are_busy_the_next_batch_fills() -> None:
    sizes: list[int] = []
    under_way = 0
    most = 0

    async def work(questions: list[int]) -> list[int]:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        sizes.append(len(questions))
        await asyncio.sleep(0)
        under_way -= 1
        return questions

    async def main() -> None:
        batcher = Batcher(work, size=4, linger=0, lanes=1)
        await asyncio.gather(*(batcher.ask(number) for number in range(10)))

    asyncio.run(main())
    assert most == 1
    assert sum(sizes) == 10


def test_one_answer_may_be_an_error_of_its_waiter_alone() -> None:
    async def work(questions: list[int]) -> list[int | BaseException]:
        return [ValueError("two") if question == 2 else question for question in questions]

    async def main() -> list[int | BaseException]:
        batcher = Batcher(work, size=10, linger=0)
        return await asyncio.gather(*(batcher.ask(number) for number in (1, 2, 3)), return_exceptions=True)

    first, second, third = asyncio.run(main())
    assert (first, third) == (1, 3)
    assert isinstance(second, ValueError)


@pytest.mark.parametrize("answers", [[], [1, 2, 3]])
def test_a_wrong_number_of_answers_reaches_every_waiter(answers: list[int]) -> None:
    async def work(questions: list[int]) -> list[int]:
        return answers

    async def main() -> list[int | BaseException]:
        batcher = Batcher(work, size=10, linger=0)
        return await asyncio.gather(batcher.ask(1), batcher.ask(2), return_exceptions=True)

    assert all(isinstance(answer, RuntimeError) for answer in asyncio.run(main()))


def test_a_cancelled_waiter_does_not_disturb_the_others() -> None:
    async def work(questions: list[int]) -> list[int]:
        return questions

    async def main() -> int:
        batcher = Batcher(work, size=10, linger=0.01)
        leaver = asyncio.ensure_future(batcher.ask(1))
        stayer = asyncio.ensure_future(batcher.ask(2))
        await asyncio.sleep(0)
        leaver.cancel()
        return await stayer

    assert asyncio.run(main()) == 2
