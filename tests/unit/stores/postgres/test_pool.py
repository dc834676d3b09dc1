import asyncio

import psycopg
import pytest

from leadspiders.errors import StoreError
from leadspiders.stores.postgres.pool import once_more


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
