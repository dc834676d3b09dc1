from leadspiders.stores.postgres import suppressions
from leadspiders.stores.postgres.suppressions import Added


def test_only_what_is_on_the_list_is_listed(using):
    async def work(database):
        first = await suppressions.add(database, [("email", b"a"), ("phone", b"b"), ("email", b"a")], reason="asked")
        again = await suppressions.add(database, [("email", b"a")], reason="drop-list")
        assert (first, again) == (Added(2, 0), Added(0, 0))
        return (
            await suppressions.listed(database, [b"a", b"c", b"a"]),
            await suppressions.listed(database, []),
            [count[:3] for count in await suppressions.counts(database)],
        )

    assert using(work) == ({b"a"}, set(), [("email", "asked", 1), ("phone", "asked", 1)])


def test_an_entry_says_why_and_keeps_its_first_reason(using):
    async def work(database):
        await suppressions.add(database, [("email", b"a")], reason="asked")
        await suppressions.add(database, [("email", b"a")], reason="drop-list")
        found = await suppressions.entry(database, b"a")
        return (found.kind, found.reason), await suppressions.entry(database, b"b")

    assert using(work) == (("email", "asked"), None)


def test_what_is_taken_off_is_off(using):
    async def work(database):
        await suppressions.add(database, [("email", b"a")], reason="asked")
        assert await suppressions.remove(database, [b"a", b"b"]) == {b"a"}
        return await suppressions.listed(database, [b"a"])

    assert using(work) == set()
