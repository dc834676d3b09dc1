from datetime import UTC, date, datetime

import psycopg
import pytest

from leadspiders.stores.postgres.raw_records import following, raw_record

BODY = b'{"people": []}' * 500


def read(receipt="a" * 40, run_id="run"):
    return lambda opened: raw_record(opened, run_id=run_id, receipt=receipt)


def test_a_body_comes_back_and_lies_sealed_and_compressed(using, announce, rows):
    using(lambda opened: announce(opened, 1, raw=BODY))
    assert using(read()) == BODY
    (row,) = rows("SELECT body, size FROM raw_records")
    assert row["size"] == len(BODY)
    assert b"people" not in row["body"]
    assert len(row["body"]) < len(BODY) / 10


def test_a_body_that_was_sent_before_is_kept_once(using, announce, rows):
    async def work(opened):
        for receipt in ("a", "b", "b"):
            await announce(opened, 1, receipt=receipt, raw=BODY)
        await announce(opened, 1, receipt="c", raw=b"another")
        await announce(opened, 1, receipt="d", campaign="autumn", raw=BODY)

    using(work)
    assert rows("SELECT campaign, count(*) FROM raw_records GROUP BY 1 ORDER BY 1") == [
        {"campaign": "autumn", "count": 1},
        {"campaign": "spring", "count": 2},
    ]
    assert [using(read(receipt)) for receipt in "abcd"] == [BODY, BODY, b"another", BODY]


def test_all_receipts_of_a_response_lead_to_its_body(using, announce):
    async def work(opened):
        await announce(opened, 1000, receipt="abc.0", raw=BODY)
        await announce(opened, 12, receipt="abc.1")
        return await raw_record(opened, run_id="run", receipt="abc.1")

    assert using(work) == BODY


def test_no_body_is_no_record(using, announce):
    using(lambda opened: announce(opened, 1))
    assert using(read()) is None
    assert using(read("unknown")) is None


def test_the_next_month_is_there_before_it_begins(using, announce, rows):
    using(lambda opened: announce(opened, 1, raw=BODY))
    month = datetime.now(UTC).date().replace(day=1)
    names = [f"y{one:%Ym%m}" for one in (month, following(month))]
    there = rows("SELECT tablename FROM pg_tables WHERE schemaname = 'raw_months' AND tablename = ANY(%s)", names)
    assert len(there) == 2


def test_a_body_that_is_moved_to_another_place_does_not_open(using, announce, database):
    async def work(opened):
        await announce(opened, 1, receipt="a", raw=BODY)
        await announce(opened, 1, receipt="b", raw=b"another")

    using(work)
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE raw_records SET body = (SELECT body FROM raw_records ORDER BY size LIMIT 1)")
    with pytest.raises(Exception, match="damaged"):
        using(read("a"))


@pytest.mark.parametrize(
    ("month", "after"), [(date(2026, 11, 1), date(2026, 12, 1)), (date(2026, 12, 1), date(2027, 1, 1))]
)
def test_months_follow_each_other(month, after):
    assert following(month) == after
