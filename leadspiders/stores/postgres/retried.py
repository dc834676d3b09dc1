"""Begins a short transaction anew that failed through nobody's fault: a deadlock, or a line that was cut."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from leadspiders.stores.postgres.failures import passing

T = TypeVar("T")

TRIES = 5
LONGEST_WAIT_SECONDS = 2.0


async def retried(work: Callable[[], Awaitable[T]]) -> T:
    """The result of `work`, which opens its transaction itself; raises what its last try raised."""
    retrying = AsyncRetrying(
        retry=retry_if_exception(passing),
        stop=stop_after_attempt(TRIES),
        wait=wait_random_exponential(multiplier=0.05, max=LONGEST_WAIT_SECONDS),
        reraise=True,
    )

    async def tried() -> T:  # tenacity awaits what it can tell for a coroutine function, which a lambda is not
        return await work()

    return await retrying(tried)
