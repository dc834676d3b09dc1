import asyncio
from decimal import Decimal

import pytest

from leadspiders.stores.postgres import spend
from leadspiders.stores.postgres.figures import spend_by_day
from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.spend import Caps, Refused, Reservation, Sale
from leadspiders.stores.postgres.spend_totals import drifted, totals


async def reserve(database, facts, *, caps=None, usd="0.5", campaign="spring", run_id="run", **more):
    sale = Sale(provider="apollo", offer="match", credits_each=Decimal(1), usd_per_credit=Decimal(usd))
    return await spend.reserve(
        database, campaign=campaign, run_id=run_id, sale=sale, facts=facts, caps=caps or Caps(), **more
    )


async def lose(database, reservation):
    """The call left, and its answer never came."""
    assert await spend.sent(database, reservation, "apollo-1")
    await spend.give_up(database, reservation)


def states(rows):
    found = rows("SELECT * FROM spend ORDER BY fact, reserved_at")
    return [(row["fact"], row["state"], float(row["credits"])) for row in found]


def test_what_was_settled_is_there_for_every_campaign_and_nothing_for_nobody(using):
    async def work(database):
        reservation = await reserve(database, ["a", "b"])
        await spend.settle(database, reservation, {"a": b"reply", "b": None}, credits=1)
        again = await reserve(database, ["a"], campaign="autumn")
        return await spend.bought(database, "apollo", ["a", "b", "c"]), again

    replies, again = using(work)
    assert {fact: kept.reply for fact, kept in replies.items()} == {"a": b"reply", "b": None}
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
        await lose(database, await reserve(database, ["a"]))
        capped = await reserve(database, ["b"], caps=Caps(campaign_usd=0.9))
        return capped, await reserve(database, ["a"]), await reserve(database, ["a"], again=True)

    capped, refused, again = using(work)
    assert capped == Refused(reason="campaign-cap", fits=0)
    assert refused == Refused(reason="charge-unknown", taken=frozenset("a"))
    assert isinstance(again, Reservation)


def test_a_reservation_of_a_dead_process_becomes_unknown_and_can_still_be_settled(using, rows):
    async def work(database):
        reservation = await reserve(database, ["a"])
        assert await spend.sent(database, reservation, "apollo-1")
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

    assert using(work) == Refused(reason="lead-cap", taken=frozenset("b"))


def test_spend_is_shown_by_provider_and_day(using):
    async def work(database):
        await spend.settle(database, await reserve(database, ["a", "b"]), {"a": b"1", "b": b"2"}, credits=2)
        await lose(database, await reserve(database, ["c"]))
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


def test_a_lead_that_cost_enough_does_not_hold_up_the_others(using):
    async def work(database):
        await reserve(database, ["a"], leads={"a": "ann"})
        return await reserve(database, ["b", "c"], leads={"b": "ann", "c": "bob"}, caps=Caps(lead_usd=0.8))

    assert using(work) == Refused(reason="lead-cap", taken=frozenset("b"))


def test_the_same_reservation_asked_twice_takes_once(using):
    async def work(database):
        one = new_id()
        first = await reserve(database, ["a", "b"], id=one)
        return first, await reserve(database, ["a", "b"], id=one), await totals(database, "spring")

    first, again, counted = using(work)
    assert first == again
    assert {total.usd for total in counted} == {1}


def test_nobody_known_is_asked_about_again_after_a_while_and_both_answers_count(using, rows):
    async def work(database):
        await spend.settle(database, await reserve(database, ["a", "b"]), {"a": None, "b": b"reply"}, credits=2)
        early = await reserve(database, ["a"], ask_again_days=30)
        assert not await spend.bought(database, "apollo", ["a"], ask_again_days=0)
        late = await reserve(database, ["a"], ask_again_days=0)
        assert isinstance(await reserve(database, ["b"], ask_again_days=0), Refused)
        await spend.settle(database, late, {"a": b"found"}, credits=1)
        return early, await spend.bought(database, "apollo", ["a"]), await drifted(database, "spring")

    early, replies, wrong = using(work)
    assert early.reason == "already-bought"
    assert replies["a"].reply == b"found"
    assert not wrong
    assert states(rows) == [("a", "settled", 0.0), ("a", "settled", 1.0), ("b", "settled", 2.0)]


def test_a_reply_that_comes_after_the_fact_was_bought_anew_counts_too(using):
    async def work(database):
        slow = await reserve(database, ["a"])
        await spend.sent(database, slow, "apollo-1")
        await spend.expire(database, "spring", older_than_seconds=0)
        await spend.settle(database, await reserve(database, ["a"], again=True), {"a": b"second"}, credits=1)
        await spend.settle(database, slow, {"a": b"first"}, credits=1)
        await spend.settle(database, slow, {"a": b"first"}, credits=1)
        return await totals(database, "spring"), await drifted(database, "spring")

    counted, wrong = using(work)
    assert {total.credits for total in counted} == {2}
    assert not wrong


def test_credits_that_do_not_divide_are_not_lost(using, rows):
    async def work(database):
        one = await reserve(database, ["a", "b", "c"])
        return await spend.settle(database, one, dict.fromkeys("abc", b"x"), credits=1), await drifted(
            database, "spring"
        )

    shares, wrong = using(work)
    assert sum(shares.values()) == 1
    assert not wrong


@pytest.mark.parametrize(
    ("caps", "reason"),
    [
        (Caps(run_usd=0.9), "run-cap"),
        (Caps(day_usd=0.9), "day-cap"),
        (Caps(provider_usd=0.9), "provider-cap"),
        (Caps(credits=1), "credit-cap"),
    ],
)
def test_each_cap_counts_what_it_is_about(using, caps, reason):
    async def work(database):
        await reserve(database, ["a"])
        other = await reserve(database, ["b"], caps=caps, campaign="autumn")
        return other, await reserve(database, ["c"], caps=caps)

    other, refused = using(work)
    assert isinstance(other, Reservation)
    assert refused == Refused(reason=reason, fits=0)


def test_what_was_changed_by_hand_shows(using, rows, database):
    async def work(opened):
        await reserve(opened, ["a"])
        async with opened.connection() as connection:
            await connection.execute("UPDATE spend SET usd = 0.4")
        return await drifted(opened, "spring")

    wrong = using(work)
    assert {(one.scope, one.usd_counted, one.usd_in_rows) for one in wrong} == {
        (scope, Decimal("0.5"), Decimal("0.4")) for scope in ("campaign", "run", "day", "provider")
    }


def test_what_expires_unsent_gives_its_money_back_and_is_sent_no_more(using, rows):
    async def work(database):
        waiting, asked = await reserve(database, ["a", "b"]), await reserve(database, ["c"])
        assert await spend.sent(database, asked, "apollo-1")
        assert await spend.expire(database, "spring", older_than_seconds=0) == 3
        return await spend.sent(database, waiting, "apollo-1"), await totals(database, "spring")

    may_be_sent, counted = using(work)
    assert not may_be_sent
    assert {total.credits for total in counted} == {1}
    assert [(fact, state) for fact, state, _ in states(rows)] == [("a", "void"), ("b", "void"), ("c", "unknown")]


def test_what_was_sent_a_moment_ago_does_not_expire_however_long_it_waited(using, rows):
    async def work(database):
        reservation = await reserve(database, ["a"])
        async with database.connection() as connection:
            await connection.execute("UPDATE spend SET reserved_at = now() - interval '1 hour'")
        assert await spend.sent(database, reservation, "apollo-1")
        return await spend.expire(database, "spring")

    assert using(work) == 0


def test_old_reservations_of_facts_are_given_up_in_every_campaign(using):
    async def work(database):
        for fact, name in (("a", "spring"), ("b", "autumn"), ("other", "autumn")):
            await reserve(database, [fact], campaign=name)
        given_up = await spend.expire_facts(database, "apollo", ["a", "b"], older_than_seconds=0)
        return (
            given_up,
            [await drifted(database, name) for name in ("spring", "autumn")],
            await totals(database, "autumn"),
        )

    given_up, wrong, counted = using(work)
    assert given_up == 2
    assert wrong == [[], []]
    assert {total.credits for total in counted} == {1}


def test_a_refusal_that_comes_after_it_was_given_up_gives_the_money_back(using, rows):
    async def work(database):
        reservation = await reserve(database, ["a"])
        await lose(database, reservation)
        await spend.void(database, reservation)
        return await totals(database, "spring"), await drifted(database, "spring")

    counted, wrong = using(work)
    assert {total.credits for total in counted} == {0}
    assert not wrong
    assert states(rows) == [("a", "void", 1.0)]


def test_those_found_share_what_was_charged(using, rows):
    async def work(database):
        facts = [f"f{number}" for number in range(10)]
        return await spend.settle(
            database, await reserve(database, facts), dict.fromkeys(facts) | {"f3": b"x"}, credits=1
        ), await drifted(database, "spring")

    shares, wrong = using(work)
    assert {fact: float(share) for fact, share in shares.items() if share} == {"f3": 1.0}
    assert not wrong


def test_of_a_call_that_was_broken_off_each_fact_gets_its_own_end(using, rows):
    async def work(database):
        one = await reserve(database, ["a", "b", "c", "d"])
        await spend.settle(database, one, {"a": b"x", "b": None}, credits=2, lost=["c"])
        return await drifted(database, "spring"), await totals(database, "spring")

    wrong, counted = using(work)
    assert not wrong
    assert {total.credits for total in counted} == {3}
    assert [state for _, state, _ in states(rows)] == ["settled", "settled", "unknown", "void"]
