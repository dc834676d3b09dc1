"""Turn what a server or the system says when it fails into one line that says what to do."""

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leadspiders.errors import ServiceError

_ADVICE = (
    (r"no space left|file too large|disk quota|SIGXFSZ", "the disk is full: free some space, or move LEADS_HOME"),
    (r"shared memory|cannot allocate memory", "not enough (shared) memory: free some, or give the container more"),
    (r"address already in use|could not bind", "the port is taken: start again to get another one"),
    (r"could not look up effective user", "this user id has no name: add it to /etc/passwd, or set DATABASE_URL"),
    (
        r"permission denied|read-only file system",
        "its user cannot get there: open the folders above it (chmod o+x), or choose another LEADS_HOME",
    ),
    (
        r"bad file format|append.?only file",
        "its file is damaged: move the data folder away, then scrapy ledger --repair",
    ),
    (r"cannot execute|exec format|not found|no such file", "the program does not fit this machine: install it again"),
    (r"too many open files", "raise the limit of open files (ulimit -n)"),
)
# PostgreSQL's WAL comes in pieces of 16 MiB: with less than that left it does not start.
_FULL = 16 * 2**20
_STAMP = re.compile(r"^\S*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* \S+ \[\d+\] |^\d+:\w \d+ \w{3} \d{4} [\d:.]+ . ")
_TELLING = re.compile(r"\b(FATAL|PANIC|ERROR|error|Fatal|Can't|Bad)\b")


def failure(name: str, said: str, folder: Path) -> ServiceError:
    """The error for a server that did not start; `said` is its log, or what the program printed."""
    lines = [_STAMP.sub("", line).strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.search(line)] or lines or ["it said nothing"]
    line = telling[-1]
    advice = next((what for pattern, what in _ADVICE if re.search(pattern, said, re.IGNORECASE)), None)
    if advice is None and shutil.disk_usage(folder).free < _FULL:
        advice = _ADVICE[0][1]
    return ServiceError(f"{name} does not start in {folder}: {line} ({advice or 'see the log there'})")


@contextmanager
def plainly(home: Path) -> Iterator[None]:
    """Say in one line what the system refused, with the path it refused it for."""
    try:
        yield
    except OSError as refused:
        path = refused.filename or home
        advice = {
            errno.ENOSPC: "free some space",
            errno.EDQUOT: "free some space",
            errno.EACCES: "choose a folder this user may write, with LEADS_HOME",
            errno.EPERM: "choose a folder this user may write, with LEADS_HOME",
            errno.EROFS: "choose a folder this user may write, with LEADS_HOME",
            errno.ENOTDIR: "choose a folder, with LEADS_HOME",
        }.get(refused.errno or 0, "choose another folder with LEADS_HOME, or set DATABASE_URL and REDIS_URL")
        raise ServiceError(f"{path}: {refused.strerror or refused} ({advice})") from refused
