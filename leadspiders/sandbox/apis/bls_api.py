"""BLS Public Data API v2: time series by POST or GET; every answer is HTTP 200, the news stands in `status`.

With a key 500 queries a day, 50 series and 20 years each; without one 25, 25 and 10, counted by address.
"""

import re
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis.bls import markets_of, published
from leadspiders.sandbox.limits import Window
from leadspiders.sandbox.state import Sandbox, StandIn, sandbox_of
from leadspiders.sandbox.world.markets import Cell

Json = dict[str, Any]
_SERIES = re.compile(r"ENU([0-9A-Z]{5})([1-5])([0-9])([0-9])([0-9-]{2,6})")
_PRIVATE = "5"


def _reply(status: str, messages: list[str], series: list[Json] | None = None) -> web.Response:
    results: Json = {} if series is None else {"series": series}
    return web.json_response({"status": status, "responseTime": 143, "message": messages, "Results": results})


def _over(key: str) -> web.Response:
    whose = f"registration key {key}" if key else "your IP address"
    text = (
        "Request could not be serviced, as the daily threshold for total number of requests allocated to the user with "
        f"{whose} has been reached."
    )
    return _reply("REQUEST_NOT_PROCESSED", [text])


async def _post(request: web.Request) -> web.Response:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("seriesid"), list):
        return _reply(
            "REQUEST_FAILED",
            ["Your request has failed, please check your input parameters and try your request again."],
        )
    return _answer(request, [str(series) for series in body["seriesid"]], body)


async def _get(request: web.Request) -> web.Response:
    return _answer(request, [request.match_info["series"]], dict(request.query))


def _answer(request: web.Request, wanted: list[str], body: Json) -> web.Response:
    sandbox = sandbox_of(request)
    key = str(body.get("registrationkey") or "")
    if "invalid" in key or "expired" in key:
        return _reply("REQUEST_NOT_PROCESSED", [f"The key:{key} provided by the User is invalid."])
    per_day = 10 if "small" in key else 500 if key else 25
    who = key or str(request.remote)
    if sandbox.limits.take("bls_api", who, (Window("day", per_day, 86400),), sandbox.clock()).full:
        return _over(key)
    this_year = datetime.fromtimestamp(sandbox.clock(), UTC).year
    try:
        end = int(body.get("endyear") or this_year)
        start = int(body.get("startyear") or end - 2)
    except ValueError:
        return _reply("REQUEST_FAILED", ["The start and end year must be given as YYYY."])
    most_series, most_years = (50, 20) if key else (25, 10)
    if len(wanted) > most_series or end - start + 1 > most_years or start > end:
        text = (
            f"The request asks for more than {most_series} series or {most_years} years, or its years are not in order."
        )
        return _reply("REQUEST_NOT_PROCESSED", [text])
    messages: list[str] = []
    series = [{"seriesID": name, "data": _points(sandbox, name, start, end, messages)} for name in wanted]
    return _reply("REQUEST_SUCCEEDED", messages, series)


def _points(sandbox: Sandbox, name: str, start: int, end: int, messages: list[str]) -> list[Json]:
    """The points of one series, newest first; what there is to say goes to `messages`."""
    parts = _SERIES.fullmatch(name)
    if parts is None or parts[4] != _PRIVATE or markets_of(sandbox).cell(parts[1], parts[5], parts[3], end, 1) is None:
        messages.append(f"Series does not exist for Series {name}")
        return []
    area, measure, size, _, industry = parts.groups()
    points: list[Json] = []
    today = datetime.fromtimestamp(sandbox.clock(), UTC).date()
    for year in range(end, start - 1, -1):
        found: list[Json] = []
        for quarter in (4, 3, 2, 1):
            cell = markets_of(sandbox).cell(area, industry, size, year, quarter)
            if cell is not None and published(year, str(quarter), today):
                found += _quarter(measure, year, quarter, cell)
        if not found:
            messages.append(f"No Data Available for Series {name} Year: {year}")
        points += found
    if points:
        points[0]["latest"] = "true"
    return points


def _quarter(measure: str, year: int, quarter: int, cell: Cell) -> list[Json]:
    """Jobs come by month, annual pay once a year, the rest by quarter."""
    weekly = round(cell.wages / cell.jobs / 13)
    if measure == "1":
        months = range(quarter * 3, quarter * 3 - 3, -1)
        return [_point(year, f"M{month:02d}", _MONTHS.split()[month - 1], round(cell.jobs)) for month in months]
    if measure == "5":
        return [_point(year, "A01", "Annual", weekly * 52)] if quarter == 4 else []
    value = {"2": cell.establishments, "3": cell.wages, "4": weekly}[measure]
    return [_point(year, f"Q{quarter:02d}", _QUARTERS[quarter - 1], round(value))]


_MONTHS = "January February March April May June July August September October November December"
_QUARTERS = ("1st Quarter", "2nd Quarter", "3rd Quarter", "4th Quarter")


def _point(year: int, period: str, name: str, value: int) -> Json:
    return {"year": str(year), "period": period, "periodName": name, "value": str(value), "footnotes": [{}]}


def _throttled() -> web.Response:
    return web.Response(status=429, text="Too Many Requests")


def _routes() -> list[web.RouteDef]:
    return [
        web.post("/publicAPI/v2/timeseries/data/", _post),
        web.get("/publicAPI/v2/timeseries/data/{series}", _get),
    ]


STAND_IN = StandIn("bls_api", _routes, _throttled)
