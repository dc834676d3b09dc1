"""What happens to leads while they are under way to a destination."""

import pytest

from leadspiders.stores.postgres import outbox, suppressions
from leadspiders.stores.postgres.outbox import Settlement
from leadspiders.stores.postgres.prospects import withdraw

OUTBOX = "SELECT state, external_id, other_ids FROM outbox"


@pytest.fixture
def under_way(using, write, person):
    """One person in two rows, both leased; a record then ties them. In the order of their rows."""

    async def work(database):
        await write(database, [person(0, email=None, provider_key=None), person(0, linkedin_url=None)])
        first, second = await outbox.claim(database, "spring", "hubspot", limit=5, lease_seconds=60)
        await write(database, [person(0)])
        return first, second

    return using(work)


@pytest.fixture
def sent(using):
    """Settle deliveries, each with the id that the destination gave it."""
    return lambda **ids: using(
        outbox.settle, [Settlement(delivery=one, outcome="sent", external_id=id_) for id_, one in ids.items()]
    )


def test_the_id_of_one_that_was_folded_meanwhile_is_the_others(under_way, using, rows, sent):
    (left,) = rows("SELECT lead_id FROM outbox")
    gone = next(one for one in under_way if one.lead_id != left["lead_id"])
    stays = next(one for one in under_way if one.lead_id == left["lead_id"])
    sent(B=gone)
    using(outbox.settle, [Settlement(delivery=stays, outcome="later")])
    assert rows(OUTBOX) == [{"state": "pending", "external_id": "B", "other_ids": []}]


@pytest.mark.parametrize("gone_first", [True, False])
def test_two_that_were_both_made_there_are_both_remembered(under_way, rows, sent, gone_first):
    (left,) = rows("SELECT lead_id FROM outbox")
    by_order = sorted(under_way, key=lambda one: (one.lead_id == left["lead_id"]) == gone_first)
    for id_, one in zip("AB", by_order, strict=True):
        sent(**{id_: one})
    (row,) = rows(OUTBOX)
    assert {row["external_id"], *row["other_ids"]} == {"A", "B"}
    assert row["state"] == "pending"


def test_two_that_were_sent_before_are_both_remembered(using, write, person, rows, sent):
    async def work(database):
        await write(database, [person(0, email=None, provider_key=None), person(0, linkedin_url=None)])
        return await outbox.claim(database, "spring", "hubspot", limit=5, lease_seconds=60)

    first, second = using(work)
    sent(A=first, B=second)
    using(write, [person(0)])
    (row,) = rows(OUTBOX)
    assert {row["external_id"], *row["other_ids"]} == {"A", "B"}


@pytest.mark.parametrize("outcome", ["later", "failed"])
def test_what_is_withdrawn_while_it_is_under_way_is_not_sent_afterwards(using, write, person, rows, outcome):
    async def work(database):
        made = await write(database, [person(n) for n in range(3)])
        lot = await outbox.claim(database, "spring", "hubspot", limit=3, lease_seconds=60)
        await withdraw(database, "spring", [made[0].id])
        await suppressions.add(database, [("email", b"email:ann1@firm0.example.com")], reason="asked")
        await outbox.settle(database, [Settlement(delivery=one, outcome=outcome, error="503") for one in lot])
        async with database.connection() as connection:
            await connection.execute("UPDATE outbox SET retry_at = NULL")
        (last,) = await outbox.claim(database, "spring", "hubspot", limit=1, lease_seconds=60)
        assert last.lead_id == made[2].id

    using(work)
    assert sorted(row["state"] for row in rows(OUTBOX)) == ["leased", "suppressed", "suppressed"]


def test_a_lead_that_cannot_be_read_fails_by_itself_and_the_others_go_out(using, write, person, rows):
    using(write, [person(0), person(1)])
    rows("UPDATE contacts SET email = '\\x0102' WHERE full_name = 'Ann Lee0' RETURNING id")

    async def work(database):
        return await outbox.claim(database, "spring", "hubspot", limit=5, lease_seconds=60)

    assert [one.lead.full_name for one in using(work)] == ["Ann Lee1"]
    (failed,) = rows("SELECT attempts, last_error, retry_at > now() AS later FROM outbox WHERE state = 'failed'")
    assert (failed["attempts"], failed["later"]) == (1, True)
    assert "email in contacts" in failed["last_error"]
    for _ in range(2):
        rows("UPDATE outbox SET retry_at = now() WHERE state = 'failed' RETURNING id")
        assert using(work) == []
    assert [row["state"] for row in rows("SELECT state FROM outbox ORDER BY id")] == ["dead", "leased"]
