"""Two kinds of kernel locks on files: who may start or stop now, and whose data folder this is.

The kernel drops them with the last process that holds them, so a `kill -9` leaves none behind. The second kind is
handed to the server itself and passes to its children: while one of them lives, nobody starts a second server over the
data, not even from another container, where the first one's pid means nothing.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from leadspiders.errors import ServiceError

LOCK = "services.lock"
# A crash recovery under somebody else's start may take its time; more than that is a hang.
PATIENCE = 180.0


@contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    """Start and stop are for one process at a time in one home."""
    lock = FileLock(home / LOCK, timeout=PATIENCE, poll_interval=0.02)
    try:
        lock.acquire()
    except Timeout:
        raise ServiceError(
            f"another process has been starting the services of {home} for {PATIENCE:.0f} s: see scrapy services status"
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def alone_with(folder: Path, *, seconds: float = 10.0) -> Iterator[int]:
    """The open, locked file to hand to the server of this folder; waits for what an old one left behind to end."""
    handle = os.open(folder / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        for attempt in Retrying(
            retry=retry_if_exception_type(BlockingIOError), stop=stop_after_delay(seconds), wait=wait_fixed(0.02)
        ):
            with attempt:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield handle
    except RetryError:
        raise ServiceError(
            f"the data in {folder} is in use by a server that is not seen from here (another container?): stop it there"
        ) from None
    finally:
        os.close(handle)
