import asyncio

import pytest
from psycopg.errors import DeadlockDetected, UniqueViolation

from leadspiders.errors import StoreError
from leadspiders.stores.postgres.retried import retried


def failing(*errors):
    """Work that fails like this, one after the other, and then succeeds."""
    left = list(errors)

    async def work():
        if left:
            raise left.pop(0)
        return "done"

    return work


def of(cause):
    error = StoreError("in the way")
    error.__cause__ = cause
    return error


def test_a_deadlock_is_tried_again():
    assert asyncio.run(retried(failing(DeadlockDetected(), of(DeadlockDetected())))) == "done"


@pytest.mark.parametrize("error", [UniqueViolation(), StoreError("nobody answers"), ValueError()])
def test_all_else_is_raised_at_once(error):
    with pytest.raises(type(error)):
        asyncio.run(retried(failing(error)))
