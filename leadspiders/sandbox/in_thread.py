"""A sandbox inside this process, in a thread of its own: for tests that turn its clock and read its truth."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from leadspiders.sandbox.run import HOST
from leadspiders.sandbox.server import application
from leadspiders.sandbox.state import Sandbox


@contextmanager
def serving(sandbox: Sandbox) -> Iterator[str]:
    """Serve `sandbox` on a free port; gives the base URL, and ends with the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sandbox", daemon=True)
    thread.start()
    runner = web.AppRunner(application(sandbox), access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
    try:
        port = asyncio.run_coroutine_threadsafe(_start(runner), loop).result()
        yield f"http://{HOST}:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _start(runner: web.AppRunner) -> int:
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    return int(runner.addresses[0][1])
