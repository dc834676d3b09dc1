import asyncio

import pytest

from leadspiders.stores.postgres import spend
from leadspiders.stores.postgres.figures import spend_by_day
from leadspiders.stores.postgres.spend import Caps, Refused, Reservation


async def reserve(database, facts, *, caps=None, usd=0.5, campaign="spring", **more):
    return await spend.reserve(
        database,
        campaign=campaign,
        run_id="run",
        provider="apollo",
        facts=facts,
        credits_each=1,
        usd_each=usd,
        caps=caps or Caps(),
        **more,
    )


def states(rows):
    found = rows("SELECT * FROM spend ORDER BY reserved_at, fact")
    return [(row["fact"], row["state"], float(row["credits"])) for row in found]


def test_what_was_settled_is_there_for_every_campaign_and_nothing_for_nobody(using):
    async def work(database):
        reservation = await reserve(database, ["a", "b"])
        await spend.settle(database, reservation, {"a": b"reply", "b": None}, credits=1)
        again = await reserve(database, ["a"], campaign="autumn")
        return await spend.bought(database, "apollo", ["a", "b", "c"]), again

    replies, again = using(work)
    assert replies == {"a": b"reply", "b": None}
    assert again == Refused(reason="already-bought", taken=frozenset("a"))


def test_a_reservation_counts_at_once(using):
    async def work(database):
        first = await reserve(database, ["a"], caps=Caps(campaign_usd=0.9))
        return first, await reserve(database, ["b"], caps=Caps(campaign_usd=0.9))

    first, second = using(work)
    assert isinstance(first, Reservation)
    assert second == Refused(reason="campaign-cap", fits=0)


def test_many_at_once_never_pass_the_cap(using, rows):
    async def work(database):
        return await asyncio.gather(*(reserve(database, [f"f{n}"], caps=Caps(campaign_usd=3.0)) for n in range(20)))

    got = using(work)
    assert sum(isinstance(one, Reservation) for one in got) == 6
    assert float(rows("SELECT sum(usd) AS usd FROM spend")[0]["usd"]) == 3.0


def test_two_who_want_the_same_fact_do_not_both_buy_it(using):
    async def work(database):
        return await asyncio.gather(*(reserve(database, ["x", f"y{n}"], campaign=f"c{n}") for n in range(4)))

    got = using(work)
    assert sum(isinstance(one, Reservation) for one in got) == 1
    assert [one.taken for one in got if isinstance(one, Refused)] == [frozenset("x")] * 3


def test_what_was_charged_in_the_end_is_what_counts(using, rows):
    async def work(database):
        await spend.settle(database, await reserve(database, ["a", "b"]), {"a": b"1", "b": b"2"}, credits=1)

    using(work)
    assert states(rows) == [("a", "settled", 0.5), ("b", "settled", 0.5)]


def test_a_refused_call_gives_the_money_back(using, rows):
    async def work(database):
        await spend.void(database, await reserve(database, ["a"]))
        return await reserve(database, ["a"], caps=Caps(campaign_usd=0.5))

    assert isinstance(using(work), Reservation)
    assert [state for _, state, _ in states(rows)] == ["void", "reserved"]


def test_a_fact_without_a_reply_may_be_bought_again(using, rows):
    async def work(database):
        await spend.settle(database, await reserve(database, ["a", "b"]), {"a": b"1"}, credits=1)

    using(work)
    assert states(rows) == [("a", "settled", 1.0), ("b", "void", 1.0)]


def test_what_may_have_been_charged_counts_and_is_asked_again_only_on_request(using):
    async def work(database):
        await spend.unknown(database, await reserve(database, ["a"]))
        capped = await reserve(database, ["b"], caps=Caps(campaign_usd=0.9))
        return capped, await reserve(database, ["a"]), await reserve(database, ["a"], again=True)

    capped, refused, again = using(work)
    assert capped == Refused(reason="campaign-cap", fits=0)
    assert refused == Refused(reason="charge-unknown", taken=frozenset("a"))
    assert isinstance(again, Reservation)


def test_a_reservation_of_a_dead_process_becomes_unknown_and_can_still_be_settled(using, rows):
    async def work(database):
        reservation = await reserve(database, ["a"])
        assert await spend.expire(database, "spring") == 0
        assert await spend.expire(database, "spring", older_than_seconds=0) == 1
        await spend.settle(database, reservation, {"a": b"late"}, credits=1)

    using(work)
    assert states(rows) == [("a", "settled", 1.0)]


@pytest.mark.parametrize("caps", [Caps(lead_usd=0.8), Caps(lead_usd=0.4)])
def test_a_lead_has_a_cap_of_its_own(using, caps):
    async def work(database):
        await reserve(database, ["a"], leads={"a": "ann"})
        return await reserve(database, ["b"], leads={"b": "ann"}, caps=caps)

    assert using(work) == Refused(reason="lead-cap", fits=0)


def test_spend_is_shown_by_provider_and_day(using):
    async def work(database):
        await spend.settle(database, await reserve(database, ["a", "b"]), {"a": b"1", "b": b"2"}, credits=2)
        await spend.unknown(database, await reserve(database, ["c"]))
        return await spend_by_day(database, "spring")

    (row,) = using(work)
    del row["day"]
    assert row == {
        "provider": "apollo",
        "calls": 2,
        "facts": 3,
        "credits": 3.0,
        "usd": 1.5,
        "unknown": 1,
        "reserved": 0,
    }
