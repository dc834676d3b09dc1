"""The report of a campaign that is in a real database."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from leadspiders.campaigns.loader import load
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.origin import Origin
from leadspiders.items.scores import Points, Scores
from leadspiders.ops.report.collect import collect
from leadspiders.ops.report.formats import FORMATS, write
from leadspiders.ops.running import Running, running
from leadspiders.stores.postgres import receipts, runs
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.writer import Refusal, Writer
from tests.conftest import VAULT

NAME = "performance_marketers"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAGE = 15


def keyed(kind, value):
    return f"{kind}{value}".encode().ljust(16)[-16:]


def lead(number):
    quality = 70 + number
    return Contact(
        full_name=f"Ada {number}", title="PPC Manager", email=f"ada{number}@acme.example", email_status="valid",
        phone="+15555550142", linkedin_url=f"https://www.linkedin.com/in/ada-{number}", city="Austin", state="TX",
        metro="Austin", company=Company(name="Acme", domain="acme.example"), lead_state="ready", origin=origin(number),
        scores=Scores(
            quality=quality, quality_points=[Points(points=quality, reason="all known", evidence="")], fit=50,
            fit_points=[], variant="a", version="1", is_qualified=quality >= 75,
        ),
    )  # fmt: skip


def origin(index):
    return Origin(source="apollo", url="https://x.example", fetched_at=NOW, run_id="r1", receipt="f" * 40, index=index)


async def fill(database):
    await runs.start_run(database, "r1", NAME, sandbox=True)
    receipt = {"run_id": "r1", "receipt": "f" * 40, "campaign": NAME, "source": "apollo", "url": "https://x.example"}
    await receipts.open_receipt(database, **receipt, seen=PAGE + 1)
    writer = Writer(database, campaign=NAME, run_id="r1", keyed_hash=keyed, deliver=lambda _: ["hubspot"])
    refusal = Refusal(origin=origin(PAGE), outcome="refused", reason="no_key", stage="normalize", payload={})
    await writer.write([*(lead(number) for number in range(PAGE)), refusal])
    await runs.finish_run(database, "r1")


async def with_database(url, work):
    database = Database(url, vault=VAULT)
    try:
        return await work(database)
    finally:
        await database.close()


@pytest.fixture
def data(database):
    async def filled(opened):
        await fill(opened)
        return await collect(opened, load(NAME), kind="final", now=NOW)

    return asyncio.run(with_database(database, filled))


def test_the_figures_belong_together(data):
    assert data.sandbox
    assert data.goal == load(NAME).goals.sandbox_leads
    assert data.status["leads"]["ready"] == PAGE
    assert sum(leads for _, leads in data.per_minute) == PAGE
    assert data.quality == {70: 10, 80: 5}
    assert data.bars == {"quality": 75}
    assert (list(data.companies), list(data.metros), list(data.titles)) == (
        [("Acme", PAGE)], [("Austin", PAGE)], [("PPC Manager", PAGE)],
    )  # fmt: skip
    assert list(data.emails) == [("valid", PAGE)]
    assert data.delivered == {"hubspot": {"pending": PAGE}}


def test_ten_leads_say_why_and_tell_nobody_how_to_reach_them(data, tmp_path):
    assert len(data.samples) == 10
    assert data.samples[0].why == [(data.samples[0].quality, "all known")]
    for file_format in FORMATS:
        written = write(data, file_format, tmp_path).read_text(encoding="utf-8")
        assert "a***@acme.example" in written
        assert "ada1@" not in written
        assert "5555550142" not in written


def test_an_empty_campaign_has_a_report(database, tmp_path):
    data = asyncio.run(
        with_database(database, lambda opened: collect(opened, load("dpc_employers"), kind="final", now=NOW))
    )

    assert not data.verdict.reached
    assert not data.sandbox
    assert write(data, "html", tmp_path).is_file()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], Running(0.0, all_sandbox=False, some_sandbox=False)),
        ([("a", True, 0, 60), ("b", True, 30, 90)], Running(1.5, all_sandbox=True, some_sandbox=True)),
        ([("a", True, 0, 60), ("b", False, 120, 180)], Running(2.0, all_sandbox=False, some_sandbox=True)),
        ([("killed", False, 0, None)], Running(0.25, all_sandbox=False, some_sandbox=False)),
    ],
)
def test_runs_count_once_and_a_killed_one_until_its_last_sign_of_life(database, rows, expected):
    with psycopg.connect(database, autocommit=True) as connection:
        for run_id, sandbox, start, end in rows:
            ends = None if end is None else NOW + timedelta(minutes=end)
            connection.execute(
                "INSERT INTO runs (run_id, campaign, sandbox, started_at, completed_at) VALUES (%s, %s, %s, %s, %s)",
                [run_id, NAME, sandbox, NOW + timedelta(minutes=start), ends],
            )
        connection.execute(
            "INSERT INTO scraping_logs (id, run_id, source, heartbeat_at)"
            " VALUES (gen_random_uuid(), 'killed', 'x', %s)",
            [NOW + timedelta(minutes=15)],
        )

    assert asyncio.run(with_database(database, lambda opened: running(opened, NAME))) == expected
