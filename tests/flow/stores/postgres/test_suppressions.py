from leadspiders.stores.postgres import suppressions


def test_only_what_is_on_the_list_is_listed(using):
    async def work(database):
        assert (
            await suppressions.add(database, [("email", b"a"), ("phone", b"b"), ("email", b"a")], reason="asked") == 2
        )
        assert await suppressions.add(database, [("email", b"a")], reason="drop-list") == 0
        return (
            await suppressions.listed(database, [b"a", b"c", b"a"]),
            await suppressions.listed(database, []),
            await suppressions.counts(database),
        )

    assert using(work) == ({b"a"}, set(), [("email", "asked", 1), ("phone", "asked", 1)])


def test_what_is_taken_off_is_off(using):
    async def work(database):
        await suppressions.add(database, [("email", b"a")], reason="asked")
        assert await suppressions.remove(database, [b"a", b"b"]) == 1
        return await suppressions.listed(database, [b"a"])

    assert using(work) == set()
