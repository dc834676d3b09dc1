"""No query of the product goes through all leads: what reads a share of them gets slower with each."""

import asyncio

from psycopg.conninfo import make_conninfo

from leadspiders.stores.postgres.pool import Database
from tests.conftest import ROOT

SIZE = 4_000


def test_no_query_reads_all_leads(new_database, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import queries
    from peers.many_leads import fill

    url = new_database()
    fill(url, SIZE)
    # Tables are small here, and Postgres would rather read them as a whole: it does where there is no other way.
    by_index = make_conninfo(url, options="-c enable_seqscan=off")

    async def main():
        database = Database(by_index, vault=queries.Plain(), max_size=1)

        async def all_leads(opened):
            async with opened.connection() as connection:
                await connection.execute("SELECT count(*) FROM prospects WHERE campaign <> 'x'")

        try:
            caught = await queries.rows_read(database, all_leads)
            return caught, await queries.unbounded(database, SIZE)
        finally:
            await database.close()

    caught, unbounded = asyncio.run(main())
    assert max(caught.values()) >= SIZE, "the check itself notices a query that reads everything"
    assert unbounded == {}
