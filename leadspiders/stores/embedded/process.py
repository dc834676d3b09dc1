"""Which process is ours: a pid is only believed when its command line carries the tag of this home.

Pids are recycled and clocks are set, so neither a pid alone nor a start time proves anything. The tag is random, made
once for each home, and stands in the title of a server and of all its children.
"""

import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil
from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from leadspiders.stores.embedded.files import write_private

RECORD = "process.json"

# Signals in the order they are sent, each with the seconds it may take.
Ladder = tuple[tuple[signal.Signals, float], ...]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What was started, kept in the folder of the service. `arguments` tells two worlds of the sandbox apart."""

    pid: int
    tag: str
    version: str
    since: datetime
    port: int | None = None
    arguments: tuple[str, ...] = ()


def now() -> datetime:
    """This second, UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def remember(folder: Path, record: Record) -> None:
    """Write down what was just started."""
    write_private(folder / RECORD, msgspec.json.encode(record))


def last(folder: Path) -> Record | None:
    """What was started last, running or not; None when there is no record or it cannot be read."""
    try:
        return msgspec.json.decode((folder / RECORD).read_bytes(), type=Record)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def running(folder: Path) -> Record | None:
    """The record of the service in this folder if that very process is alive."""
    record = last(folder)
    return record if record is not None and one(record.pid, record.tag) else None


def one(pid: int, tag: str) -> list[psutil.Process]:
    """This process, if it lives and carries the tag. A zombie is dead: a container without an init never reaps it."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        if any(tag in word for word in process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE:
            return [process]
    return []


def all_of(tag: str) -> list[psutil.Process]:
    """Every living process that carries the tag: the server and what it left behind."""
    return [process for pid in psutil.pids() for process in one(pid, tag)]


def end(find: Callable[[], list[psutil.Process]], ladder: Ladder) -> None:
    """Send the signals of the ladder in turn, SIGKILL last, until nothing is found any more."""
    for number, seconds in (*ladder, (signal.SIGKILL, 5.0)):
        for process in find():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        with suppress(RetryError):
            Retrying(retry=retry_if_result(bool), stop=stop_after_delay(seconds), wait=wait_fixed(0.02))(find)
            return
