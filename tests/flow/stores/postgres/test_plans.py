"""What is looked up by a key is found by an index, however many rows there are: by the plans for a million."""

import json
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest

from leadspiders.stores.postgres import dossier, raw_records, retention_leads
from leadspiders.stores.postgres.accounting import _OPEN
from leadspiders.stores.postgres.markets import _MARKETS

BIG = (
    "contacts",
    "companies",
    "prospects",
    "outbox",
    "spend",
    "paid_replies",
    "receipts",
    "parked_records",
    "market_cells",
)
ROWS = (
    (
        "INSERT INTO spend (id, reservation, campaign, run_id, provider, offer, fact, state, credits, usd,"
        " usd_per_credit, price)"
        " VALUES (gen_random_uuid(), gen_random_uuid(), 'x', 'x', 'x', 'x', 'x', 'settled', 1, 1, 1, '')"
    ),
    "INSERT INTO paid_replies (provider, fact) VALUES ('x', 'x')",
    (
        "INSERT INTO market_cells (area_fips, own_code, industry_code, agglvl_code, size_code, year, qtr,"
        " disclosure_code) VALUES ('x', 'x', 'x', 'x', 'x', 2025, 'x', '')"
    ),
)
ID = UUID(int=1)
KEPT = {
    "ids": [ID],
    "before": datetime.now(UTC),
    "campaigns": ["spring"],
    "moments": [datetime.now(UTC)],
    "otherwise": datetime.now(UTC),
}
LOOK_UPS = {
    **{
        f"person by {kind}": (query, {"id": ID, "hash": b"x", "value": "x"})
        for kind, query in dossier._CONTACTS_BY.items()
    },
    **{
        f"company by {kind}": (query, {"id": ID, "hash": b"x", "value": "x"})
        for kind, query in dossier._COMPANIES_BY.items()
        if kind != "company-linkedin"
    },
    "people of a company": (dossier._PEOPLE, [ID]),
    "standings": (dossier._STANDINGS, [ID]),
    "deliveries": (dossier._SENT, [ID]),
    "spent for a lead": (dossier._SPENT, ["spring", ["x"]]),
    "raw record": (raw_records._READ + raw_records._OF_RUN, ["receipt", "run"]),
    "raw record of the last run": (raw_records._READ + raw_records._LAST, ["receipt"]),
    "open receipts": (_OPEN.format(scope="campaign = %(campaign)s"), {"campaign": "spring", "limit": 10}),
    "who is still too old": (retention_leads._STILL_OLD.format(kept=retention_leads._KEPT), KEPT),
    "replies of people": (retention_leads._REPLIES_OF, [["spring"], ["x"]]),
    "people to erase": (retention_leads._ERASE, [[ID]]),
    "markets": (_MARKETS, {"level": "64", "own": "5", "sizes": ["5"]}),
}


@pytest.fixture
def plan(using, announce, write, person, database):
    """The relations that are read whole by a query, were each of the big tables of a million rows."""

    async def work(opened):
        await announce(opened, 3, raw=b"x")
        await write(opened, [person(n) for n in range(3)])

    using(work)

    def read_whole(query, values):
        with psycopg.connect(database) as connection:
            for row in ROWS:  # an empty table has no pages to be of a million rows
                connection.execute(row)
            connection.execute("UPDATE pg_class SET reltuples = 1e6, relpages = 1 WHERE relname = ANY(%s)", [list(BIG)])
            (found,) = connection.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone()
            connection.rollback()
        return set(scans(found if isinstance(found, list) else json.loads(found)))

    return read_whole


def scans(node):
    """Names of what is scanned sequentially, anywhere in a plan."""
    for part in node if isinstance(node, list) else node.values():
        if isinstance(part, dict | list):
            yield from scans(part)
    if isinstance(node, dict) and node.get("Node Type") == "Seq Scan":
        yield node["Relation Name"]


@pytest.mark.parametrize("name", LOOK_UPS)
def test_a_look_up_reads_no_big_table_whole(plan, name):
    assert plan(*LOOK_UPS[name]).isdisjoint(BIG)


def test_what_has_no_index_shows(plan):
    assert plan("SELECT * FROM contacts WHERE title = %s", ["x"]) == {"contacts"}
