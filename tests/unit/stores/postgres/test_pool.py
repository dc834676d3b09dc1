import asyncio

import psycopg
import pytest

from leadspiders.errors import StoreError
from leadspiders.stores.postgres.pool import address, once_more, out_of_reach


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@db.example.com:5433/leads", "db.example.com:5433/leads"),
        ("postgresql://db.example.com/leads", "db.example.com:5432/leads"),
        ("host=/run/postgresql dbname=leads user=me", "/run/postgresql:5432/leads"),
        ("postgresql:///leads", "localhost:5432/leads"),
    ],
)
def test_an_address_holds_no_password(url, shown):
    assert address(url) == shown


def test_what_is_no_url_is_said_without_showing_it():
    with pytest.raises(StoreError, match="no Postgres URL") as caught:
        address("mysql://me:secret@x/y")
    assert "secret" not in str(caught.value)


def test_out_of_reach_is_one_line():
    error = psycopg.OperationalError("first\n  last reason\n")
    assert str(out_of_reach("postgresql://me:secret@h/d", error)) == (
        "Postgres does not answer at h:5432/d (last reason): check DATABASE_URL and that the server runs"
    )


def _cut_off(times, *, answers):
    """Work whose line to Postgres is cut so often; `answers` says whether anybody answers at all."""
    left = [times]

    async def work():
        left[0] -= 1
        if left[0] >= 0:
            raise StoreError("cut off") from (psycopg.OperationalError("cut") if answers else None)
        return "done"

    return work


def test_a_line_that_was_cut_is_tried_once_more():
    assert asyncio.run(once_more(_cut_off(1, answers=True))) == "done"


@pytest.mark.parametrize(("times", "answers"), [(2, True), (1, False)])
def test_a_postgres_that_is_away_is_not_tried_for_ever(times, answers):
    with pytest.raises(StoreError, match="cut off"):
        asyncio.run(once_more(_cut_off(times, answers=answers)))
