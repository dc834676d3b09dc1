"""The sandbox as a service: the local stand-ins of every outside API, in a process that outlives the caller.

It runs as the caller, with the caller's environment: it is Python, and may need what the interpreter was started with.
"""

import hashlib
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

import leadspiders
from leadspiders.stores.embedded import commands, process, server
from leadspiders.stores.embedded.files import make_folder

NAME = "the sandbox"
FOLDER = "sandbox"
MODULE = (sys.executable, "-m", "leadspiders.sandbox")
_LADDER = ((signal.SIGTERM, 10.0),)


def ensure(home: Path, *, seed: int, people: int, companies: int, command: Sequence[str] = MODULE) -> str:
    """The base URL of a sandbox with this world: the running one if it has it, else a new one in its place.

    `command` is what is run, before its options. The caller holds the home's lock.
    """
    folder = make_folder(home / FOLDER)
    # Part of the command line, and so the tag its process is known by; unlike the path alone it is part of no other.
    ready = folder / f"ready-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    world = ("--seed", str(seed), "--people", str(people), "--companies", str(companies))
    record = process.running(folder)
    if record is None or record.arguments != (*command, *world):
        state = make_folder(make_folder(folder / "data") / f"seed-{seed}-people-{people}-companies-{companies}")
        options = ("--port", "0", "--ready-file", str(ready), "--state-dir", str(state), *world)
        with server.alone(folder, ready.name, _LADDER) as held, server.fresh_log(folder) as log:
            ready.unlink(missing_ok=True)
            # From the folder of the package, so that `-m` finds it where it is not installed.
            here = Path(leadspiders.__file__).parent.parent
            pid = commands.leave_behind([*command, *options], None, log=log, held=held, env=None, cwd=here)
        record = process.Record(
            pid=pid, tag=ready.name, version=leadspiders.__version__, since=process.now(), arguments=(*command, *world)
        )
        process.remember(folder, record)
    server.wait(NAME, folder, record, lambda _: _listens(ready))
    url = ready.read_text().strip()
    if record.port is None:
        process.remember(folder, msgspec.structs.replace(record, port=urlsplit(url).port))
    return url


def stop(folder: Path) -> bool:
    """End it; its state stays. True if it was running."""
    return server.stop(folder, _LADDER)


def _listens(ready: Path) -> bool:
    try:
        address = urlsplit(ready.read_text().strip())
        socket.create_connection((address.hostname or "", address.port or 0), timeout=5).close()
    except (OSError, ValueError):
        return False
    return True
