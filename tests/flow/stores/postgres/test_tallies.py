"""Whatever happens to leads, purchases and deliveries: the running counts are those of the rows."""

import asyncio
from decimal import Decimal

import psycopg

from leadspiders.items.company import Company
from leadspiders.items.evidence import Evidence
from leadspiders.items.market_cell import MarketCell
from leadspiders.stores.postgres import outbox, spend, suppressions
from leadspiders.stores.postgres.ledger import miscounted
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.prospects import withdraw
from leadspiders.stores.postgres.status import status
from leadspiders.stores.postgres.tallies import drifted_tallies, fold, recount, tallies
from tests.conftest import VAULT
from tests.flow.stores.postgres.conftest import NOW

PAID = Evidence(source="apollo", at=NOW, receipt="paid", cost_usd=0.1, confidence=0.9)
HARMS = (
    "DELETE FROM contacts WHERE id IN (SELECT contact_id FROM prospects ORDER BY lead_id LIMIT 2)",
    """UPDATE prospects SET campaign = 'autumn'
        WHERE lead_id IN (SELECT lead_id FROM prospects WHERE campaign = 'spring' ORDER BY lead_id DESC LIMIT 2)""",
    "DELETE FROM companies WHERE id IN (SELECT company_id FROM contacts LIMIT 1)",
    "DELETE FROM prospects WHERE lead_state = 'ready'",
)


async def drift(database):
    found = []
    async with database.connection() as connection:
        for campaign in ("spring", "autumn"):
            found += await drifted_tallies(connection, campaign)
    return found


async def figures(database, *names, leads=("",)):
    async with database.connection() as connection:
        found = await tallies(connection, "spring", names, leads=leads)
    return {(one.figure, one.value): one.number for one in found}


def test_counts_follow_leads_through_all_that_happens_to_them(using, write, person, scores, keyed_hash):
    bare = Company(name="Bare", domain="bare.example.com")
    whole = Company(
        name="Bare", domain="bare.example.com", industry="retail", employees=9, lineage={"industry": PAID}
    )  # fmt: skip
    firms = [
        Company(name="Lead", uei="ABCDEFGHIJK1"),
        Company(name="Firm 1 Works", domain="firm1.example.com", cage="1"),
    ]
    known = {"email": "x@firm4.example.com", "provider_key": None}
    steps = {
        "new": [person(n, lineage={"email": PAID}) for n in range(6)],
        "without an address": [person(7, email=None, email_status=None, lead_state="identified", scores=None)],
        "enriched and scored": [person(7, lineage={"email": PAID, "title": PAID}, scores=scores(91, 12))],
        "at an employer": [person(9, company=bare)],
        "whom more is known of": [person(9, company=whole)],
        "employers": firms,
        "two rows": [person(12, email=None), person(13, linkedin_url=None, **known)],
        "that are one": [person(12, title="Media Buyer", **known)],
    }

    async def work(database):
        for name, records in steps.items():
            await write(database, records)
            assert not await drift(database), name
        await write(database, [person(2)], campaign="autumn")
        await suppressions.add(database, [("email", keyed_hash("email", "ann2@firm0.example.com"))], reason="x")
        assert not await drift(database)
        await fold(database)
        assert not await drift(database)
        async with database.connection() as connection:
            rows = await connection.execute("SELECT lead_id FROM prospects WHERE campaign = 'spring' ORDER BY lead_id")
            ids = [row[0] for row in await rows.fetchall()]
        before = (await status(database, "spring"))["leads"]
        await withdraw(database, "spring", [ids[0], ids[-1]])
        after = (await status(database, "spring"))["leads"]
        assert after["total"] == before["total"] - 1 > 0  # the last one is a company
        for harm in HARMS:
            async with database.connection() as connection:
                await connection.execute(harm)
            assert not await drift(database), harm
        return await figures(database, "state", leads=("contact",))

    assert ("state", "ready") not in using(work)


def test_counts_follow_purchases_deliveries_and_cells(using, write, person, origin):
    async def work(database):
        sale = spend.Sale(provider="apollo", offer="match", credits_each=Decimal(2), usd_per_credit=Decimal("0.05"))

        async def reserve(*facts):
            return await spend.reserve(
                database, campaign="spring", run_id="run", sale=sale, facts=facts, caps=spend.Caps()
            )  # fmt: skip

        one, other, third = await reserve("a", "b"), await reserve("c"), await reserve("d")
        await spend.settle(database, one, {"a": b"x"}, credits=2)
        await spend.void(database, other)
        await spend.sent(database, third, "account")
        await spend.give_up(database, third)
        await write(database, [person(n) for n in range(3)])
        deliveries = await outbox.claim(database, "spring", "hubspot", limit=2, lease_seconds=60)
        await outbox.settle(database, [outbox.Settlement(delivery=deliveries[0], outcome="sent")])
        cell = MarketCell(
            area_fips="39000", own_code="5", industry_code="51", agglvl_code="54", size_code="0", year=2025, qtr="1",
            disclosure_code="", establishments=5, employment=9, total_wages=1, avg_weekly_wage=1,
            origin=origin(9, source="bls"),
        )  # fmt: skip
        await write(database, [cell])
        await write(database, [cell])
        assert not await drift(database)
        found = await figures(database, "calls", "spent settled", "spent unknown", "delivery")
        return (
            {figure: number for (figure, value), number in found.items() if figure != "delivery"},
            await outbox.counts(database, "spring"),
            (await status(database, "spring"))["cells"],
        )

    spent, delivered, cells = using(work)
    assert spent == {"calls": 2, "spent settled": 1, "spent unknown": 1}
    assert delivered == {"hubspot": {"sent": 1, "leased": 1, "pending": 1}}
    assert cells == 1


def test_a_transaction_that_ends_in_a_crash_counts_nothing(using, write, person, database):
    async def work(opened):
        await write(opened, [person(0)])
        with psycopg.connect(database) as line:
            line.execute("UPDATE prospects SET lead_state = 'rejected'")
            line.execute("DELETE FROM contacts")
            with psycopg.connect(database, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 10000)", [line.info.backend_pid])
            line.close()
        return await drift(opened), await figures(opened, "state", leads=("contact",))

    assert using(work) == ([], {("state", "ready"): 1})


def test_what_is_counted_wrong_is_named_and_counted_afresh(using, write, person):
    async def work(database):
        await write(database, [person(n) for n in range(3)])
        async with database.connection() as connection:
            await connection.execute("ALTER TABLE prospects DISABLE TRIGGER tally_change")
            await connection.execute("UPDATE prospects SET is_qualified = false")
            await connection.execute("ALTER TABLE prospects ENABLE TRIGGER tally_change")
        async with database.connection() as connection:
            named = await miscounted(connection, "spring")
        await recount(database)
        return [(one.cause, one.relation, one.expected, one.found) for one in named], await drift(database)

    assert using(work) == (
        [
            ("tallies", "rows (contact qualified)", 3, 0),
            ("tallies", "rows (contact variant qualified a)", 3, 0),
        ],
        [],
    )


def test_writers_opt_outs_withdrawals_and_folds_at_the_same_time(database, write, person, keyed_hash):
    """Each sees the other's rows as they were or as they are, and the counts are right whoever was first."""

    async def main():
        lines = [Database(database, vault=VAULT, max_size=2) for _ in range(4)]
        try:
            await write(lines[0], [person(n, email=None, email_status=None) for n in range(24)])
            async with lines[0].connection() as connection:
                rows = await connection.execute("SELECT lead_id FROM prospects ORDER BY lead_id")
                ids = [row[0] for row in await rows.fetchall()]
            hashes = [keyed_hash("linkedin", f"https://www.linkedin.com/in/ann-lee-{n}") for n in range(0, 24, 3)]

            async def enrich(line, campaign):
                for first in range(0, 24, 6):
                    await write(line, [person(n) for n in range(first, first + 6)], campaign=campaign)

            async def leave(line):
                for id_, hash_ in zip(ids[1::3], hashes, strict=True):
                    await withdraw(line, "spring", [id_])
                    await suppressions.add(line, [("linkedin", hash_)], reason="x")
                    await fold(line)

            async with asyncio.TaskGroup() as group:
                group.create_task(enrich(lines[0], "spring"))
                group.create_task(enrich(lines[1], "autumn"))
                group.create_task(leave(lines[2]))
                group.create_task(recount(lines[3]))
            return await drift(lines[0]), (await status(lines[0], "spring"))["leads"]["with_email"]
        finally:
            for line in lines:
                await line.close()

    found, with_email = asyncio.run(main())
    assert found == []
    assert 0 < with_email <= 24
