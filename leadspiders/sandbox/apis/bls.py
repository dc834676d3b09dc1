"""BLS QCEW: CSV slices by area, industry and size class, bulk files and titles; no key, but a User-Agent.

What is not published is a 404 with an HTML page. The underscore of a combined sector stands in the URL, its hyphen in
the rows; `a` in the URL is `A` in the rows.
"""

import asyncio
import csv
import io
import zipfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from aiohttp import web

from leadspiders.sandbox.apis import bls_csv, bls_rows, bls_titles
from leadspiders.sandbox.apis.bls_rows import Row
from leadspiders.sandbox.state import Refused, Sandbox, StandIn, sandbox_of
from leadspiders.sandbox.world.markets import Markets

FIRST_YEAR = 2014
_LAG_DAYS = 165  # five to six months after the quarter
_PAGE = "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"


def markets_of(sandbox: Sandbox) -> Markets:
    """The markets of the world, worked out at the first question."""
    if "markets" not in sandbox.memory:
        sandbox.memory["markets"] = Markets(sandbox.world)
    markets: Markets = sandbox.memory["markets"]
    return markets


def published(year: int, quarter: str, today: date) -> bool:
    """Whether a quarter (`1` to `4`, `a` for the year) has come out."""
    if year < FIRST_YEAR or quarter not in ("1", "2", "3", "4", "a"):
        return False
    last = 4 if quarter == "a" else int(quarter)
    ends = date(year + last // 4, last % 4 * 3 + 1, 1)
    return ends + timedelta(days=_LAG_DAYS) <= today


async def _slice(request: web.Request) -> web.Response:
    kind, code = request.match_info["kind"], request.match_info["code"]
    year, quarter = int(request.match_info["year"]), request.match_info["quarter"]
    if not published(year, quarter, _today(request)):
        raise _missing()
    rows = list(_rows(markets_of(sandbox_of(request)), kind, code, year, quarter))
    if not rows:
        raise _missing()
    return web.Response(text=_table(rows, quarter), content_type="text/csv")


async def _bulk(request: web.Request) -> web.Response:
    """A bulk file; those by area have a member for the nation, each state and each metro, and none for counties."""
    year, kind = int(request.match_info["year"]), request.match_info["kind"]
    if request.match_info["again"] != request.match_info["year"] or kind not in _BULK:
        raise _missing()
    quarter = _BULK[kind]
    if not published(year, "a" if quarter == "4" else quarter, _today(request)):
        raise _missing()
    # Seconds of work: beside the loop, so that other calls go on.
    packed = await asyncio.to_thread(_packed, markets_of(sandbox_of(request)), kind, year)
    return web.Response(body=packed, content_type="application/x-zip-compressed")


# Kind of bulk file -> the last quarter it holds
_BULK = {"q1_by_size": "1", "qtrly_by_area": "4", "annual_by_area": "a"}


def _packed(markets: Markets, kind: str, year: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, rows in _members(markets, kind, year):
            archive.writestr(member, _table(rows, _BULK[kind], bulk=True))
    return packed.getvalue()


def _members(markets: Markets, kind: str, year: int) -> Iterator[tuple[str, list[Row]]]:
    if kind == "q1_by_size":
        sizes = [row for size in range(10) for row in bls_rows.size_rows(markets, str(size), year)]
        yield f"{year}.q1.by_size.csv", sizes
        return
    quarters = ("a",) if kind == "annual_by_area" else ("1", "2", "3", "4")
    span = "annual" if kind == "annual_by_area" else "q1-q4"
    for area in bls_rows.areas(counties=False):
        rows = [row for quarter in quarters for row in bls_rows.area_rows(markets, area, year, quarter)]
        title = bls_titles.AREAS[area].replace("/", "-")
        yield f"{year}.{span}.by_area/{year}.{span} {area} {title}.csv", rows


async def _titles(request: web.Request) -> web.Response:
    kind = request.match_info["kind"]
    if kind not in bls_titles.FILES or request.match_info["name"] != bls_titles.FILES[kind].name:
        raise _missing()
    file = bls_titles.FILES[kind]
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([file.columns, *file.titles.items()])
    return web.Response(text=text.getvalue(), content_type="text/csv")


def _rows(markets: Markets, kind: str, code: str, year: int, quarter: str) -> Iterable[Row]:
    if kind == "area" and code in bls_titles.AREAS:
        return bls_rows.area_rows(markets, code, year, quarter)
    if kind == "industry" and "-" not in code:
        return bls_rows.industry_rows(markets, code.replace("_", "-"), year, quarter)
    if kind == "size" and quarter == "1" and code in bls_titles.SIZES:
        return bls_rows.size_rows(markets, code, year)
    return ()


def _table(rows: Iterable[Row], quarter: str, *, bulk: bool = False) -> str:
    header = ",".join(f'"{name}"' for name in bls_csv.columns(quarter, bulk=bulk))
    lines = (bls_csv.line(row, bls_titles.of_row(row) if bulk else ()) for row in rows)
    return "\n".join([header, *lines]) + "\n"


def _today(request: web.Request) -> date:
    return datetime.fromtimestamp(sandbox_of(request).clock(), UTC).date()


def _missing() -> Refused:
    return Refused(web.Response(status=404, text=_PAGE.format("404 - Page Not Found"), content_type="text/html"))


def _throttled() -> web.Response:
    return web.Response(status=429, text=_PAGE.format("429 - Too Many Requests"), content_type="text/html")


def _polite(work: Callable[[web.Request], Awaitable[web.Response]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler for clients that say who they are; others get 403."""

    async def handle(request: web.Request) -> web.Response:
        if not request.headers.get("User-Agent", "").strip():
            return web.Response(status=403, text=_PAGE.format("Access Denied"), content_type="text/html")
        return await work(request)

    return handle


def _routes() -> list[web.RouteDef]:
    return [
        web.get(r"/cew/data/api/{year:\d{4}}/{quarter}/{kind}/{code}.csv", _polite(_slice)),
        web.get(r"/cew/data/files/{year:\d{4}}/csv/{again:\d{4}}_{kind}.zip", _polite(_bulk)),
        web.get("/cew/doc/titles/{kind}/{name}", _polite(_titles)),
    ]


STAND_IN = StandIn("bls", _routes, _throttled)
