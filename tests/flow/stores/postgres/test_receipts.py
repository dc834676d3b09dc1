from leadspiders.stores.postgres.accounting import account, open_receipts
from leadspiders.stores.postgres.raw_records import raw_record
from leadspiders.stores.postgres.receipts import close_receipt, open_receipt
from leadspiders.stores.postgres.writer import Refusal


def test_a_new_receipt_has_nothing_settled_and_keeps_the_body(using, announce):
    async def work(database):
        settled = await announce(database, 2, raw=b"<body>" * 1000)
        return settled, await raw_record(database, run_id="run", receipt="a" * 40)

    assert using(work) == (frozenset(), b"<body>" * 1000)


def test_what_was_settled_is_known_after_a_crash(using, announce, write, person):
    async def work(database):
        await announce(database, 5)
        await write(database, [person(1), person(3)])
        return await announce(database, 5)

    assert using(work) == {1, 3}


def test_a_replay_is_stored_but_not_counted_twice(using, announce, write, person, rows):
    async def work(database):
        await announce(database, 3)
        await write(database, [person(0), person(1)])
        await write(database, [person(0), person(1), person(2)])

    using(work)
    (receipt,) = rows("SELECT counts, settled, closed_at IS NOT NULL AS closed FROM receipts")
    assert receipt == {"counts": {"stored": 3}, "settled": [0, 1, 2], "closed": True}


def test_the_account_adds_up_with_what_is_pending(using, announce, write, person, origin):
    async def work(database):
        await announce(database, 5)
        await write(database, [person(0), person(0, origin=origin(1))])
        await write(database, [Refusal(origin=origin(2), outcome="refused", reason="too-small", stage="suppress")])
        async with database.connection() as connection:
            return (
                await account(connection, "spring"),
                await account(connection, "spring", run_id="another"),
                await open_receipts(connection, "spring"),
            )

    whole, other, (waiting,) = using(work)
    assert (whole.seen, whole.stored, whole.merged, whole.refused, whole.pending) == (5, 1, 1, {"too-small": 1}, 2)
    assert whole.balanced
    assert other.seen == 0
    assert (waiting.seen, waiting.settled) == (5, 3)


def test_a_record_that_nobody_announced_unbalances_the_ledger(using, write, person):
    async def work(database):
        await write(database, [person(0)])
        async with database.connection() as connection:
            return await account(connection, "spring")

    assert not using(work).balanced


def test_a_receipt_can_be_closed_by_hand(using, announce, rows):
    async def work(database):
        await announce(database, 0)
        await close_receipt(database, run_id="run", receipt="a" * 40)

    using(work)
    assert rows("SELECT closed_at IS NOT NULL AS closed FROM receipts") == [{"closed": True}]


def test_what_a_reader_left_out_is_settled_from_the_start(using, write, person):
    receipt = {"run_id": "run", "receipt": "a" * 40, "campaign": "spring", "source": "samgov", "url": "file"}
    left_out = {"outside-states": 3, "registration-status": 1}

    async def work(database):
        settled = [await open_receipt(database, seen=6, left_out=left_out, **receipt)]
        await write(database, [person(0), person(1)])
        settled.append(await open_receipt(database, seen=6, left_out=left_out, **receipt))
        async with database.connection() as connection:
            return settled, await account(connection, "spring")

    settled, whole = using(work)
    assert settled == [frozenset({2, 3, 4, 5}), frozenset(range(6))]
    assert (whole.seen, whole.stored, whole.refused, whole.pending) == (6, 2, left_out, 0)
    assert whole.balanced
