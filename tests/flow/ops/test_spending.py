"""What `scrapy spend` says of a campaign in a real database."""

import asyncio
import json
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import psycopg
import pytest
from rich.console import Console

from leadspiders.campaigns.loader import load
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.evidence import Evidence
from leadspiders.items.origin import Origin
from leadspiders.items.scores import Scores
from leadspiders.ops.spend_view import as_object, show
from leadspiders.ops.spending import spending
from leadspiders.stores.postgres import spend
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.receipts import open_receipt
from leadspiders.stores.postgres.spend import Caps, Sale
from leadspiders.stores.postgres.status import status
from leadspiders.stores.postgres.writer import Writer
from tests.conftest import VAULT

NAME = "performance_marketers"
SALE = Sale(
    provider="apollo", offer="match", credits_each=Decimal(1), usd_per_credit=Decimal("0.2"), price="2026-01-01"
)


def lead(number):
    said = Evidence(source="apollo", at=datetime(2026, 3, 2, tzinfo=UTC), receipt="apollo:a", cost_usd=0.1)
    free = Evidence(source="apollo", at=datetime(2026, 3, 2, tzinfo=UTC), receipt="page")
    return Contact(
        full_name=f"Ada {number}", title="PPC Manager", email=f"ada{number}@acme.example",
        linkedin_url=f"https://www.linkedin.com/in/ada-{number}", city="Austin", state="TX",
        company=Company(name="Acme", domain="acme.example", industry="retail", lineage={"industry": said}),
        lead_state="ready" if number else "identified", lineage={"email": said, "title": free},
        origin=Origin(
            source="apollo", url="https://x.example", fetched_at=said.at, run_id="r", receipt="f" * 40, index=number
        ),
        scores=Scores(
            quality=70 + number, quality_points=[], fit=50, fit_points=[], variant="a", version="1",
            is_qualified=number > 1,
        ),
    )  # fmt: skip


async def fill(database):
    receipt = {"run_id": "r", "receipt": "f" * 40, "campaign": NAME, "source": "apollo", "url": "https://x.example"}
    await open_receipt(database, **receipt, seen=4)
    writer = Writer(
        database,
        campaign=NAME,
        run_id="r",
        keyed_hash=lambda kind, value: f"{kind}{value}".encode(),
        deliver=lambda _: [],
    )
    await writer.write([lead(number) for number in range(4)])
    for facts, end in ((["a", "b"], "settle"), (["c"], "unknown"), (["d"], "void"), (["e"], "")):
        got = await spend.reserve(database, campaign=NAME, run_id="r", sale=SALE, facts=facts, caps=Caps())
        if end == "settle":
            await spend.settle(database, got, {"a": b"x", "b": None}, credits=1)
        elif end == "void":
            await spend.void(database, got)
        elif end:
            await spend.sent(database, got, "apollo-1")
            await spend.give_up(database, got)


@pytest.fixture
def look(database):
    def looked():
        async def main():
            opened = Database(database, vault=VAULT)
            try:
                campaign = load(NAME)
                found = await spending(opened, campaign, now=datetime.now(UTC))
                return found, await status(opened, NAME)
            finally:
                await opened.close()

        return asyncio.run(main())

    async def main():
        opened = Database(database, vault=VAULT)
        try:
            await fill(opened)
        finally:
            await opened.close()

    asyncio.run(main())
    return looked


def test_the_figures_are_those_of_the_rows_and_of_the_status(look):
    found, state = look()
    told = as_object(found)
    assert json.loads(json.dumps(told)) == told
    assert told["spend_usd"] == state["spend_usd"] == 0.6
    assert told["credits"] == state["credits"] == {"apollo": 3.0}
    assert told["balanced"]
    assert [(day["provider"], day["facts"], day["unknown"], day["reserved"]) for day in told["by_day"]] == [
        ("apollo", 4, 1, 1)
    ]
    assert told["cost_usd"] == {"lead": 0.15, "ready": 0.2, "qualified": 0.3}


def test_each_cap_says_what_is_left(look):
    caps = {(cap["name"].split()[0], cap["unit"]): cap for cap in as_object(look()[0])["caps"]}
    assert caps["campaign", "usd"]["left"] == 9999.4
    assert caps["run", "usd"]["used"] == caps["day", "usd"]["used"] == 0.6
    assert caps["apollo", "credits"]["left"] == 29_997
    assert caps["lead", "usd"]["left"] is None


def test_a_field_that_was_paid_for_is_counted_once_and_a_company_too(look):
    fields = {one["field"]: (one["provider"], one["filled"], one["usd"]) for one in as_object(look()[0])["fields"]}
    assert fields == {"email": ("apollo", 4, 0.4), "company.industry": ("apollo", 1, 0.1)}


def test_a_lost_answer_is_listed_with_its_fact_amount_and_run(look):
    (lost,) = as_object(look()[0])["ambiguous"]
    assert (lost["fact"], lost["run_id"], lost["usd"], lost["state"]) == ("c", "r", 0.2, "unknown")


def test_a_total_that_is_wrong_is_named(look, database):
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE spend_totals SET usd = 0.5 WHERE scope = 'campaign'")
    found, _ = look()
    assert not found.balanced
    (wrong,) = as_object(found)["differences"]
    assert (wrong["scope"], wrong["usd_counted"], wrong["usd_in_rows"]) == ("campaign", 0.5, 0.6)
    out = StringIO()
    Console(file=out, width=120).print(show(found))
    assert "NOT the sums" in out.getvalue()


def test_the_command_says_so_by_its_exit_code(scrapy):
    assert json.loads(scrapy("spend", NAME, "--json").stdout)["balanced"]
    with psycopg.connect(scrapy.environment["DATABASE_URL"]) as connection:
        connection.execute("INSERT INTO spend_totals VALUES (%s, 'campaign', '', 1, 1)", [NAME])
    scrapy("spend", NAME, code=1)
