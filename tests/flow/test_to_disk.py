"""The handler that writes large bodies to disk, against a small server of its own."""

import asyncio
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from scrapy import Request
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, ResponseDataLossError
from scrapy.http import Response

from leadspiders.middlewares.to_disk import FileResponse, ToDisk

MEGABYTE = b"x" * 1024 * 1024
LARGE = 64  # megabytes


async def large(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": str(LARGE * len(MEGABYTE))})
    await answer.prepare(request)
    for _ in range(LARGE):
        await answer.write(MEGABYTE)
    return answer


async def cut(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": str(2 * len(MEGABYTE))})
    await answer.prepare(request)
    await answer.write(MEGABYTE)
    assert request.transport
    request.transport.close()
    return answer


async def silent(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": "10"})
    await answer.prepare(request)
    await answer.write(b"x")
    await asyncio.Event().wait()
    return answer


async def packed(request: web.Request) -> web.Response:
    answer = web.Response(body=MEGABYTE)
    answer.enable_compression(web.ContentCoding.gzip)
    return answer


async def echo(request: web.Request) -> web.Response:
    return web.json_response({name.lower(): value for name, value in request.headers.items()})


async def refused(request: web.Request) -> web.Response:
    return web.Response(status=404, text="nothing here")


async def moved(request: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": "/echo"})


def served(folder: Path, work: Callable[[ToDisk, str], Awaitable[None]], *, timeout: float = 10) -> None:
    """Run `work` beside a server; `folder` receives the files."""

    async def run() -> None:
        app = web.Application()
        for handler in (large, cut, silent, packed, echo, refused, moved):
            app.router.add_get(f"/{handler.__name__}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.05)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0]
        to_disk = ToDisk(folder, timeout=timeout)
        try:
            await work(to_disk, f"http://{host}:{port}")
        finally:
            await to_disk.close()
            await runner.cleanup()

    asyncio.run(run())


def asked(url: str, **more: str) -> Request:
    return Request(url, meta={"to_disk": ".zip"}, headers={"User-Agent": "tests", **more})


def left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def test_a_large_body_is_written_as_it_comes(tmp_path: Path) -> None:
    async def work(to_disk: ToDisk, base: str) -> None:
        tracemalloc.start()
        response = await to_disk.download_request(asked(f"{base}/large"))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert isinstance(response, FileResponse)
        assert (response.status, response.body, response.path.suffix) == (200, b"", ".zip")
        assert response.path.parent == tmp_path / "downloads"
        assert response.path.stat().st_size == LARGE * len(MEGABYTE)
        assert peak < 16 * len(MEGABYTE)
        with response.opened() as path:
            assert path.is_file()
        assert not path.exists()

    served(tmp_path / "downloads", work)


def test_the_file_survives_what_middlewares_do_to_a_response(tmp_path: Path) -> None:
    response = FileResponse("http://localhost/x", path=tmp_path / "f")
    replaced = response.replace(flags=["seen"])
    assert isinstance(replaced, FileResponse)
    assert replaced.path == tmp_path / "f"


@pytest.mark.parametrize(("page", "error"), [("cut", ResponseDataLossError), ("silent", DownloadTimeoutError)])
def test_half_a_file_is_an_error_that_is_tried_again(page: str, error: type[Exception], tmp_path: Path) -> None:
    async def work(to_disk: ToDisk, base: str) -> None:
        with pytest.raises(error):
            await to_disk.download_request(asked(f"{base}/{page}"))
        assert left(tmp_path) == []

    served(tmp_path, work, timeout=0.3)


def test_nobody_there(tmp_path: Path) -> None:
    async def work(to_disk: ToDisk, base: str) -> None:
        with pytest.raises(DownloadFailedError):
            await to_disk.download_request(asked("http://127.0.0.1:1/x"))

    served(tmp_path, work)


@pytest.mark.parametrize(("page", "status", "body"), [("refused", 404, b"nothing here"), ("moved", 302, b"")])
def test_what_is_no_file_comes_as_usual(page: str, status: int, body: bytes, tmp_path: Path) -> None:
    async def work(to_disk: ToDisk, base: str) -> None:
        response = await to_disk.download_request(asked(f"{base}/{page}"))
        assert type(response) is Response
        assert (response.status, response.body) == (status, body)
        assert left(tmp_path) == []

    served(tmp_path, work)


def test_headers_go_out_as_given_and_nothing_is_packed(tmp_path: Path) -> None:
    async def work(to_disk: ToDisk, base: str) -> None:
        request = asked(f"{base}/echo", **{"X-Api-Key": "k", "Accept-Encoding": "gzip, br"})
        response = await to_disk.download_request(request)
        assert isinstance(response, FileResponse)
        sent = response.path.read_text()
        assert '"x-api-key": "k"' in sent
        assert '"user-agent": "tests"' in sent
        assert '"accept-encoding": "identity"' in sent

    served(tmp_path, work)


def test_what_is_packed_all_the_same_is_unpacked(tmp_path: Path) -> None:
    async def work(to_disk: ToDisk, base: str) -> None:
        response = await to_disk.download_request(asked(f"{base}/packed"))
        assert isinstance(response, FileResponse)
        assert response.path.stat().st_size == len(MEGABYTE)
        assert b"Content-Encoding" not in response.headers

    served(tmp_path, work)


def test_what_nobody_removed_is_gone_at_the_end(tmp_path: Path) -> None:
    async def work(to_disk: ToDisk, base: str) -> None:
        await to_disk.download_request(asked(f"{base}/echo"))
        assert len(left(tmp_path)) == 1

    served(tmp_path, work)
    assert left(tmp_path) == []
