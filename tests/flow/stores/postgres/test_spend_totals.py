"""Whatever happens to purchases, in whatever order: the running totals are the sums of the rows, and hold the caps."""

import asyncio
from decimal import Decimal
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadspiders.stores.postgres import spend
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.spend import Caps, Reservation, Sale
from leadspiders.stores.postgres.spend_totals import drifted, totals
from tests.conftest import VAULT

CAPS = Caps(campaign_usd=2.0, run_usd=1.5, day_usd=1.75, provider_usd=1.25, credits=4, lead_usd=0.75)
STEP = st.tuples(
    st.sampled_from(["reserve", "again", "send", "settle", "settle less", "void", "give up", "expire"]),
    st.integers(0, 5),
    st.sampled_from(["one", "two"]),
    st.sampled_from(["apollo", "hunter"]),
)


async def walk(url, steps):
    database = Database(url, vault=VAULT)
    open_: list[Reservation] = []
    gone: set[UUID] = set()  # their calls have left
    try:
        async with database.connection() as connection:
            await connection.execute("DELETE FROM spend; DELETE FROM spend_totals; DELETE FROM paid_replies")
        for what, place, run_id, provider in steps:
            if what in ("reserve", "again"):
                sale = Sale(provider=provider, offer="x", credits_each=Decimal(1), usd_per_credit=Decimal("0.25"))
                facts = [f"f{place}", f"f{place + 1}"]
                got = await spend.reserve(
                    database, campaign="spring", run_id=run_id, sale=sale, facts=facts, caps=CAPS,
                    leads={facts[0]: f"lead {place}"}, again=what == "again", ask_again_days=0,
                )  # fmt: skip
                open_ += [got] if isinstance(got, Reservation) else []
            elif what == "expire":
                await spend.expire(database, "spring", older_than_seconds=0)
            elif open_:
                one = open_[place % len(open_)]
                goes = what in ("send", "settle", "settle less") and one.id not in gone
                if goes and not await spend.sent(database, one, "one"):
                    open_.remove(one)  # given up before its call had left, which is not made then: no reply ever comes
                    continue
                gone |= {one.id} if goes else set()
                if what == "settle":
                    await spend.settle(database, one, dict.fromkeys(one.facts, b"x"), credits=len(one.facts))
                elif what == "settle less":
                    await spend.settle(database, one, {one.facts[0]: None}, credits=0.5, lost=one.facts[1:])
                elif what == "void":  # for good: the provider did nothing
                    open_.remove(one)
                    await spend.void(database, one)
                elif what == "give up":
                    await spend.give_up(database, one)
            assert not await drifted(database, "spring")
        return {(total.scope, total.name): total for total in await totals(database, "spring")}
    finally:
        await database.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=25))
def test_totals_are_the_sums_of_their_rows_and_under_every_cap(database, steps):
    found = asyncio.run(walk(database, steps))
    for (scope, _), total in found.items():
        most = {"campaign": 2.0, "run": 1.5, "day": 1.75, "provider": 1.25}[scope]
        assert 0 <= total.usd <= most
        assert scope != "provider" or total.credits <= 4
