"""Starts a sandbox, says where it is, and serves until it is told to stop."""

import asyncio
import errno
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from leadspiders.sandbox.addresses import ADDRESSES
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.server import application
from leadspiders.sandbox.state import Sandbox
from leadspiders.sandbox.storage import DamagedError, Storage
from leadspiders.sandbox.weather import Forecast
from leadspiders.sandbox.world.truth import grow

HOST = "127.0.0.1"  # never another: the stand-ins check no password
WRONG = 2


def build(options: Options, clock: Callable[[], float] = time.time) -> Sandbox:
    """A sandbox with a fresh world."""
    names = [name.lower() for name in ADDRESSES]
    world = grow(options.seed, options.people, options.companies)
    return Sandbox(world=world, clock=clock, forecast=Forecast(options.seed, names))


def main(options: Options, announce: Callable[[str], None]) -> int:
    """Serve until SIGTERM or SIGINT; `announce` is told the base URL. Returns the exit code: 0, or 2 when the port
    or the state directory cannot be used.
    """
    try:
        asyncio.run(serve(options, announce))
    except (OSError, DamagedError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        advice = f"Port {options.port} is taken: choose another with --port, or 0 for any free one"
        sys.stderr.write(f"{advice if taken else error}\n")
        return WRONG
    return 0


async def serve(options: Options, announce: Callable[[str], None]) -> None:
    """Serve until the process is told to stop. Raises `OSError` when the port cannot be had, and `DamagedError`."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    sandbox = build(options)
    storage = Storage(options.state_dir) if options.state_dir else None
    if storage:
        storage.load(sandbox)
    runner = web.AppRunner(application(sandbox), access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, options.port)
        await site.start()
        url = f"http://{HOST}:{runner.addresses[0][1]}"
        if options.ready_file:
            _write_whole(options.ready_file, url + "\n")
        announce(url)
        sys.stdout.flush()
        saving = asyncio.create_task(_keep(storage, sandbox)) if storage else None
        await stop.wait()
        if saving:
            saving.cancel()
    finally:
        await runner.cleanup()
        if storage:
            storage.save(sandbox)


async def _keep(storage: Storage, sandbox: Sandbox) -> None:
    """Save once a second at most, and never spend more than a tenth of the time on it."""
    while True:
        took = storage.save(sandbox)
        await asyncio.sleep(max(1.0, 9 * took))


def _write_whole(path: Path, text: str) -> None:
    """Write a file that is never seen half."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)
