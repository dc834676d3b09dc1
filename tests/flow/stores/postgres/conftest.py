"""A database, and leads to put into it."""

import asyncio
from datetime import UTC, datetime

import pytest

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.evidence import Evidence
from leadspiders.items.origin import Origin
from leadspiders.items.scores import Points, Scores
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.receipts import open_receipt
from leadspiders.stores.postgres.writer import Writer
from tests.conftest import VAULT

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
RECEIPT = "a" * 40


def _hash(kind: str, value: str) -> bytes:
    return f"{kind}:{value}".encode()


@pytest.fixture
def keyed_hash():
    return _hash


@pytest.fixture
def using(database):
    """Run `work(database, *args)` to its end."""

    def run(work, *args):
        async def main():
            opened = Database(database, vault=VAULT)
            try:
                return await work(opened, *args)
            finally:
                await opened.close()

        return asyncio.run(main())

    return run


@pytest.fixture
def origin():
    def make(index=0, *, receipt=RECEIPT, run_id="run", source="apollo"):
        return Origin(
            source=source, url="https://api.example.com", fetched_at=NOW, run_id=run_id, receipt=receipt, index=index
        )

    return make


@pytest.fixture
def announce():
    async def announced(database, seen, *, receipt=RECEIPT, run_id="run", campaign="spring", raw=None):
        return await open_receipt(
            database,
            run_id=run_id,
            receipt=receipt,
            campaign=campaign,
            source="apollo",
            url="https://api.example.com",
            seen=seen,
            raw=raw,
        )

    return announced


@pytest.fixture
def scores():
    def make(quality=80, fit=70, *, qualified=True):
        return Scores(
            quality=quality,
            quality_points=[Points(points=30, reason="required fields", evidence="all six")],
            fit=fit,
            fit_points=[Points(points=20, reason="industry", evidence="5112")],
            variant="a",
            version="1",
            is_qualified=qualified,
        )

    return make


@pytest.fixture
def person(origin, scores):
    """The n-th person, whole unless said otherwise; three work at each company."""

    def make(n=0, **said):
        evidence = Evidence(source="apollo", at=NOW, receipt="r", confidence=0.9)
        company = Company(
            name=f"Firm {n // 3} Works",
            domain=f"firm{n // 3}.example.com",
            provider_key=f"apollo:o{n // 3}",
            industry="retail",
            employees=120,
            city="Denver",
            state="CO",
        )
        values = {
            "full_name": f"Ann Lee{n}",
            "title": "PPC Manager",
            "email": f"ann{n}@firm{n // 3}.example.com",
            "email_status": "valid",
            "linkedin_url": f"https://www.linkedin.com/in/ann-lee-{n}",
            "provider_key": f"apollo:{n}",
            "city": "Denver",
            "state": "CO",
            "company": company,
            "lead_state": "ready",
            "lineage": {"email": evidence},
            "origin": origin(n),
            "scores": scores(),
        }
        return Contact(**values | said)

    return make


@pytest.fixture
def write(keyed_hash):
    """Write records as a crawl does."""

    async def written(database, records, *, campaign="spring", run_id="run", deliver=lambda lead: ["hubspot"]):
        writer = Writer(database, campaign=campaign, run_id=run_id, keyed_hash=keyed_hash, deliver=deliver)
        return await writer.write(records)

    return written


@pytest.fixture
def crawl(announce, write):
    """Announce records (or as many as `seen` says), then write them."""

    async def crawled(database, records, *, seen=None, receipt=RECEIPT):
        await announce(database, seen or len(records), receipt=receipt)
        return await write(database, records)

    return crawled


@pytest.fixture
def rows(database):
    """The rows of a query, on a connection of its own."""
    import psycopg
    from psycopg.rows import dict_row

    def read(query, *values):
        with psycopg.connect(database, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()

    return read


@pytest.fixture
def until_one_waits():
    """Go on once a session of the database waits for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

    async def waited(database):
        for _ in range(1000):
            async with database.connection() as connection:
                if (await (await connection.execute(query)).fetchone())[0]:
                    return
            await asyncio.sleep(0)
        raise AssertionError("nobody waits for a lock")

    return waited
