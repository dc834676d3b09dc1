"""A frozen worker in the middle of a COPY: Postgres would leave it its locks for as long as it sleeps."""

import asyncio

import psycopg

from leadspiders.stores.postgres.pool import Database, once_more


def test_who_sleeps_on_its_locks_is_ended_by_who_waits_for_them(database):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("INSERT INTO installation VALUES ('a', '1')")
    sleeper = psycopg.connect(database, application_name="leadspiders")
    sleeper.execute("UPDATE installation SET value = '2'")
    sleeper.pgconn.exec_(b"COPY installation FROM STDIN")

    async def main():
        opened = Database(database, patience=0.6)

        async def write():
            async with opened.connection() as connection:
                await connection.execute("UPDATE installation SET value = '3'")

        try:
            await once_more(write)
        finally:
            await opened.close()

    asyncio.run(main())
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT value FROM installation").fetchall() == [("3",)]
    sleeper.close()
