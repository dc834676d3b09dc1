"""Stands between a worker and Redis, and hands its words on a millisecond later, as a network would; that is all."""

import asyncio
import contextlib
import sys
from asyncio import StreamReader, StreamWriter

DELAY_SECONDS = 0.001


async def carry(source: StreamReader, to: StreamWriter, delay: float) -> None:
    """Each chunk leaves `delay` after it came, whatever is under way before it."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(ConnectionError):
        while chunk := await source.read(65536):
            if delay:
                loop.call_later(delay, to.write, chunk)
            else:
                to.write(chunk)
    loop.call_later(delay, to.close)


async def serve(port: int, redis_port: int) -> None:
    """Until the process is ended."""

    async def connected(reader: StreamReader, writer: StreamWriter) -> None:
        near, far = await asyncio.open_connection("127.0.0.1", redis_port)
        await asyncio.gather(carry(reader, far, DELAY_SECONDS), carry(near, writer, 0.0))

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
