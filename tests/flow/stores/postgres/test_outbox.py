import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from leadspiders.stores.postgres import outbox
from leadspiders.stores.postgres.outbox import Settlement

FAR = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def waiting(using, write, person):
    """Five leads that wait for `hubspot`."""
    return [outcome.id for outcome in using(write, [person(n) for n in range(5)])]


async def claim(database, limit=10, seconds=60, **more):
    return await outbox.claim(database, "spring", "hubspot", limit=limit, lease_seconds=seconds, **more)


async def settle(database, delivery, outcome, **more):
    await outbox.settle(database, [Settlement(delivery=delivery, outcome=outcome, **more)])


def test_a_delivery_carries_the_whole_lead(using, waiting):
    first, *_ = using(claim)
    assert first.lead_id == waiting[0]
    assert (first.lead.full_name, first.lead.lead_state) == ("Ann Lee0", "ready")
    assert (first.lead.company.name, first.lead.company.domain) == ("Firm 0 Works", "firm0.example.com")
    assert (first.lead.scores.quality, first.lead.scores.fit_points[0].reason) == (80, "industry")
    assert (first.attempts, first.external_id) == (1, None)


def test_no_two_get_the_same(using, waiting):
    async def work(database):
        return await asyncio.gather(*(claim(database, limit=2) for _ in range(4)))

    got = [delivery.lead_id for lot in using(work) for delivery in lot]
    assert len(got) == len(set(got)) == 5


def test_only_narrows_the_choice(using, waiting):
    async def work(database):
        return await claim(database, only=waiting[3:4]), await claim(database, only=[])

    (one,), none = using(work)
    assert one.lead_id == waiting[3]
    assert none == []


def test_what_was_sent_is_in_the_crm(using, waiting, rows):
    async def work(database):
        await settle(database, (await claim(database, limit=1))[0], "sent", external_id="77")
        return await outbox.counts(database, "spring")

    assert using(work) == {"hubspot": {"pending": 4, "sent": 1}}
    (lead,) = rows("SELECT id, crm_sync_date IS NOT NULL AS dated FROM leads WHERE crm_synced")
    assert lead == {"id": waiting[0], "dated": True}


def test_what_fails_rests_and_is_dead_after_three_tries(using, waiting, rows):
    async def work(database):
        past = datetime.now(UTC) - timedelta(seconds=1)
        for _ in range(3):
            (delivery,) = await claim(database, only=waiting[:1])
            await settle(database, delivery, "failed", error="no such property", retry_at=past)
        assert await claim(database, only=waiting[:1]) == []
        assert await outbox.retry_dead(database, "spring", "hubspot") == 1
        return await claim(database, only=waiting[:1])

    (again,) = using(work)
    assert again.attempts == 1
    assert rows("SELECT last_error FROM outbox WHERE last_error IS NOT NULL") == [{"last_error": "no such property"}]


def test_a_pause_is_kept(using, waiting):
    async def work(database):
        (delivery,) = await claim(database, only=waiting[:1])
        await settle(database, delivery, "failed", error="busy")
        return await claim(database, only=waiting[:1])

    assert using(work) == []


def test_later_costs_no_try(using, waiting):
    async def work(database):
        for _ in range(5):
            (delivery,) = await claim(database, only=waiting[:1])
            await settle(database, delivery, "later")
        await settle(database, (await claim(database, only=waiting[:1]))[0], "later", retry_at=FAR)
        return await claim(database, only=waiting[:1])

    assert using(work) == []


def test_a_lease_that_ran_out_is_taken_by_the_next_and_its_late_failure_is_ignored(using, waiting, rows):
    async def work(database):
        (late,) = await claim(database, only=waiting[:1], seconds=0)
        (taken,) = await claim(database, only=waiting[:1])
        await settle(database, late, "failed", error="late")
        return late, taken

    late, taken = using(work)
    assert (taken.id, taken.attempts) == (late.id, 2)
    assert rows("SELECT last_error FROM outbox WHERE state = 'leased'") == [{"last_error": None}]


def test_three_workers_that_die_over_it_end_it(using, waiting, rows):
    async def work(database):
        for _ in range(3):
            await claim(database, only=waiting[:1], seconds=0)
        return await claim(database, only=waiting[:1])

    assert using(work) == []
    assert rows("SELECT attempts FROM outbox WHERE state = 'dead'") == [{"attempts": 3}]


def test_what_changed_while_it_was_sent_is_sent_again_as_an_update(using, write, person, waiting):
    async def work(database):
        (delivery,) = await claim(database, only=waiting[:1])
        await write(database, [person(0, phone="+13035550100")])
        await settle(database, delivery, "sent", external_id="77")
        return await claim(database, only=waiting[:1])

    (again,) = using(work)
    assert (again.external_id, again.lead.phone) == ("77", "+13035550100")
