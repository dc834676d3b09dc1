"""Writes a large body to a file while it comes in: a bulk download of any size takes no memory.

Scrapy's own handler holds a body until it is whole. A spider asks for a file by the ending its name should have, and
removes it when it is read:

    yield self.call(call, callback=self.parse_bulk, meta={"to_disk": ".zip"})

    async def parse_bulk(self, response):
        if not isinstance(response, FileResponse):  # every status but 200 comes as usual, with its body
            return self.refused(...)
        with response.opened() as path:
            ...
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from scrapy import Request
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response

if TYPE_CHECKING:
    import aiohttp

CHUNK_BYTES = 256 * 1024
LARGEST_FILE_BYTES = 8 * 1024**3
LARGEST_REFUSAL_BYTES = 1024 * 1024  # a page that says why there is no file
LEFT_BEHIND_SECONDS = 24 * 3600  # by a worker that was killed: nobody reads a file that long


class FileResponse(Response):
    """A response whose body lies in the file `path`; `body` is empty."""

    attributes = (*Response.attributes, "path")

    def __init__(self, *args: Any, path: Path, **more: Any) -> None:
        super().__init__(*args, **more)
        self.path = path

    @contextmanager
    def opened(self) -> Iterator[Path]:
        """The file, which is gone afterwards."""
        try:
            yield self.path
        finally:
            self.path.unlink(missing_ok=True)


class ToDisk:
    """Downloads into `folder`. A request's time-out counts the seconds without a byte, not those of the whole file."""

    def __init__(self, folder: Path, *, timeout: float) -> None:
        self._folder = folder
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None
        self._made: set[Path] = set()

    async def download_request(self, request: Request) -> Response:
        """A `FileResponse` for status 200, else the response as usual; raises what Scrapy's own handler raises."""
        import aiohttp  # noqa: PLC0415 - 0.2 s of start, for bulk downloads only

        silence = request.meta.get("download_timeout") or self._timeout
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=silence, sock_read=silence)
        try:
            async with self._open_session().request(
                request.method,
                request.url,
                data=request.body or None,
                headers=headers_of(request),
                proxy=request.meta.get("proxy"),
                timeout=timeout,
                allow_redirects=False,  # the redirect middleware's business, which leaves the credential behind
            ) as answer:
                headers = Headers(list(answer.headers.items()))
                headers.pop("Content-Encoding", None)  # undone already
                if answer.status != 200:
                    return Response(request.url, answer.status, headers, await _beginning(answer))
                return FileResponse(request.url, 200, headers, path=await self._save(request, answer))
        except TimeoutError as error:
            raise DownloadTimeoutError(f"{request.url} sent nothing for {silence:g} seconds") from error
        except aiohttp.ClientPayloadError as error:
            raise ResponseDataLossError(f"{request.url} was cut: {error}") from error
        except aiohttp.ClientError as error:
            raise DownloadFailedError(str(error)) from error

    async def close(self) -> None:
        """Remove what nobody removed."""
        for path in self._made:
            path.unlink(missing_ok=True)
        if self._session:
            await self._session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in self._folder.iterdir():
                if path.stat().st_mtime < time.time() - LEFT_BEHIND_SECONDS:
                    path.unlink(missing_ok=True)
            import aiohttp  # noqa: PLC0415 - as above

            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(cookie_jar=jar, skip_auto_headers=("User-Agent",))
        return self._session

    async def _save(self, request: Request, answer: aiohttp.ClientResponse) -> Path:
        left = LARGEST_FILE_BYTES
        with self._new_file(request.meta["to_disk"]) as file:
            async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
                left -= file.write(chunk)
                if left < 0:
                    break
        path = Path(file.name)
        if left < 0:
            raise DownloadCancelledError(f"{request.url} is larger than {LARGEST_FILE_BYTES} bytes")
        return path

    @contextmanager
    def _new_file(self, ending: str) -> Iterator[IO[bytes]]:
        """A file that stays only if it is written to its end."""
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=ending, delete=False) as file:
            path = Path(file.name)
            self._made.add(path)
            try:
                yield file
            except BaseException:
                path.unlink(missing_ok=True)
                raise


def headers_of(request: Request) -> list[tuple[str, str]]:
    """The headers as they go out: a body that is packed for the way would have to be unpacked for nothing."""
    sent = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in request.headers.items()
        if name.lower() != b"accept-encoding"
        for value in values
    ]
    return [*sent, ("Accept-Encoding", "identity")]


async def _beginning(answer: aiohttp.ClientResponse) -> bytes:
    read = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
        read += chunk
        if len(read) >= LARGEST_REFUSAL_BYTES:
            break
    return bytes(read)
