import asyncio

from leadspiders.pipelines.goal import Goal


async def _none() -> int:
    return 0


def test_without_a_goal_everything_may_be_bought() -> None:
    assert asyncio.run(Goal(None, _none).may_buy(1))


def test_a_goal_that_the_database_has_reached_buys_nothing() -> None:
    async def ready() -> int:
        return 3

    assert not asyncio.run(Goal(3, ready).may_buy(1))


def test_leads_under_way_count_until_they_fail() -> None:
    async def main() -> tuple[bool, bool]:
        goal = Goal(1, _none)
        assert await goal.may_buy(1)
        waiting = asyncio.ensure_future(goal.may_buy(2))
        await asyncio.sleep(0)
        undecided = not waiting.done()
        await goal.done(1, became_ready=False)
        return undecided, await waiting

    assert asyncio.run(main()) == (True, True)


def test_who_waited_is_refused_once_the_count_reaches_the_goal() -> None:
    ready = 0

    async def counted() -> int:
        return ready

    async def main() -> bool:
        nonlocal ready
        goal = Goal(1, counted)
        await goal.may_buy(1)
        waiting = asyncio.ensure_future(goal.may_buy(2))
        await asyncio.sleep(0)
        ready = 1
        await goal.done(1, became_ready=True)
        return await waiting

    assert not asyncio.run(main())


def test_own_successes_that_the_database_does_not_confirm_do_not_end_the_buying() -> None:
    async def main() -> bool:
        goal = Goal(1, _none)
        await goal.may_buy(1)
        await goal.done(1, became_ready=True)
        return await goal.may_buy(2)

    assert asyncio.run(main())


def test_a_lead_that_bought_nothing_does_not_count() -> None:
    async def main() -> bool:
        goal = Goal(1, _none)
        await goal.done(99, became_ready=True)
        return await goal.may_buy(1)

    assert asyncio.run(main())


def test_a_lead_under_way_does_not_wait_for_itself():
    async def main():
        goal = Goal(1, _none)
        return [await goal.may_buy(1), await asyncio.wait_for(goal.may_buy(1), 5)]

    assert asyncio.run(main()) == [True, True]
