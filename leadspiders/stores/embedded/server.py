"""What the services have in common: start detached on a port that is free, wait until it answers, stop it."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from leadspiders.errors import ServiceError
from leadspiders.stores.embedded import commands, faults, process
from leadspiders.stores.embedded.account import Account
from leadspiders.stores.embedded.locks import alone_with
from leadspiders.stores.embedded.ports import free_port
from leadspiders.stores.embedded.process import Ladder, Record

LOG = "server.log"
# A crash recovery of the WAL we allow takes well under a minute on a slow disk.
_PATIENCE = 150.0
_TAIL = 20_000


class PortTakenError(ServiceError):
    """Raised by `wait` when somebody else was faster on the port."""


@contextmanager
def alone(folder: Path, tag: str, ladder: Ladder) -> Iterator[int]:
    """End what a crash left behind and hold the folder's lock, which the new server then takes over."""
    process.end(lambda: process.all_of(tag), ladder)
    with alone_with(folder) as held:
        yield held


def start(
    name: str,
    folder: Path,
    command: Callable[[int], Sequence[str | Path]],
    *,
    held: int,
    account: Account | None,
    tag: str,
    version: str,
    answers: Callable[[Record], bool],
) -> Record:
    """Start `command(port)` and wait until it answers; a port snatched in between is replaced by another one."""
    before = process.last(folder)
    port = free_port(before.port if before else None)
    tried: set[int] = set()
    while True:
        with fresh_log(folder) as log:
            pid = commands.leave_behind(command(port), account, log=log, held=held)
        record = Record(pid=pid, port=port, tag=tag, version=version, since=process.now())
        process.remember(folder, record)
        try:
            wait(name, folder, record, answers)
        except PortTakenError:
            tried.add(port)
            if len(tried) == 5:
                raise
            port = free_port(avoid=tried)
        else:
            return record


def wait(
    name: str, folder: Path, record: Record, answers: Callable[[Record], bool], *, seconds: float = _PATIENCE
) -> None:
    """Until it answers (a try each 20 ms). It must stay alive meanwhile; how it died is in its log."""
    absent = 0

    def known() -> bool | None:
        nonlocal absent
        if answers(record):
            return True
        # Twice: while a program starts or writes its title, its command line is empty for a moment.
        absent = 0 if process.one(record.pid, record.tag) else absent + 1
        return False if absent == 2 else None

    patient = Retrying(
        retry=retry_if_result(lambda up: up is None), stop=stop_after_delay(seconds), wait=wait_fixed(0.02)
    )
    try:
        up = patient(known)
    except RetryError:
        raise ServiceError(f"{name} does not answer after {seconds:.0f} s: see {folder / LOG}") from None
    if not up:
        said = (folder / LOG).read_text(errors="replace")[-_TAIL:]
        failure = faults.failure(name, said, folder)
        raise PortTakenError(str(failure)) if "ddress already in use" in said else failure


def stop(folder: Path, ladder: Ladder) -> bool:
    """End the server of this folder, politely first. True if one was running."""
    record = process.running(folder)
    if record is None:
        return False
    process.end(lambda: process.one(record.pid, record.tag), ladder)
    return True


@contextmanager
def fresh_log(folder: Path) -> Iterator[IO[bytes]]:
    """An empty log for this start; the log of the start before is kept beside it."""
    path = folder / LOG
    if path.exists():
        path.replace(path.with_suffix(".log.1"))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    with open(handle, "ab") as log:  # noqa: PTH123 - a descriptor, not a path
        yield log
