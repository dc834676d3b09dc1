"""SAM.gov in bulk: the asynchronous extract by token, and the monthly file behind a pre-signed address."""

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis import sam_csv, sam_dat, sam_filters, sam_json
from leadspiders.sandbox.apis.sam_access import admit, refusal
from leadspiders.sandbox.state import Refused, sandbox_of

READY_AFTER_SECONDS = 3.0
TOKEN_LIVES_SECONDS = 24 * 3600.0
LINK_LIVES_SECONDS = 3600.0
_MONTHS_KEPT = 12
_FILE_NAME = re.compile(r"SAM_PUBLIC_(UTF-8_)?MONTHLY_V2_(\d{8})\.ZIP", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Job:
    """An extract that was ordered: the filters, and when (seconds since 1970)."""

    asked: Mapping[str, str]
    ordered_at: float


def order(request: web.Request, asked: Mapping[str, str]) -> web.Response:
    """Take the order of an extract; the answer is a sentence with a token in it."""
    if asked["format"].lower() not in ("csv", "json"):
        raise refusal(400, "Invalid format", "format must be csv or json", "INVALID_FORMAT")
    sandbox = sandbox_of(request)
    sam_filters.find((), asked)
    jobs: dict[str, _Job] = sandbox.memory.setdefault("sam_gov extracts", {})
    now = sandbox.clock()
    token = hashlib.sha256(f"{sandbox.world.seed} {len(jobs)} {now}".encode()).hexdigest()[:10].upper()
    jobs[token] = _Job(dict(asked), now)
    where = f"https://api.sam.gov/entity-information/v3/download-entities?api_key=REPLACE_WITH_API_KEY&token={token}"
    text = f"Extract File will be available for download with url: {where} in some time."
    return web.Response(text=text)


async def download(request: web.Request) -> web.Response:
    """The extract of a token as gzip, or 400 with what is the matter; each question costs one of the day's calls."""
    admit(request)
    sandbox = sandbox_of(request)
    job = sandbox.memory.get("sam_gov extracts", {}).get(request.query.get("token", ""))
    age = sandbox.clock() - job.ordered_at if job else TOKEN_LIVES_SECONDS
    if job is None or age >= TOKEN_LIVES_SECONDS:
        raise refusal(
            400, "The requested token is expired", "Request a new extract", "TOKEN_EXPIRED", spelling="details"
        )
    if age < READY_AFTER_SECONDS:
        text = "The requested file is not generated yet, please try again later"
        raise refusal(400, text, text, "FILE_NOT_READY", spelling="details")
    found = sam_filters.find(sandbox.world.registrations, job.asked)
    if job.asked["format"].lower() == "csv":
        data = sam_csv.table(found).encode()
    else:
        data = json.dumps(
            {"totalRecords": len(found), "entityData": [sam_json.entity(each, sam_json.SECTIONS) for each in found]}
        ).encode()
    return web.Response(body=gzip.compress(data, mtime=0), content_type="application/x-gzip")


async def monthly(request: web.Request) -> web.Response:
    """Where the monthly file is: 302 to storage, for an hour."""
    admit(request)
    now = sandbox_of(request).clock()
    name = _file_wanted(dict(request.query), datetime.fromtimestamp(now, UTC).date())
    expires = int(now + LINK_LIVES_SECONDS)
    query = f"X-Amz-Expires=3600&X-Amz-Date={expires}&X-Amz-Signature={_signature(name, expires)}"
    prefix = request.path.removesuffix("/data-services/v1/extracts")
    raise Refused(
        web.Response(status=302, headers={"Location": f"{request.url.origin()}{prefix}/storage/{name}?{query}"})
    )


async def storage(request: web.Request) -> web.Response:
    """The file itself; a request that brings the key along is refused, as two ways to sign are one too many."""
    name = request.match_info["name"]
    if "X-Api-Key" in request.headers or "api_key" in request.query or "Authorization" in request.headers:
        raise Refused(_storage_error(400, "InvalidArgument", "Only one auth mechanism allowed"))
    try:
        expires = int(request.query.get("X-Amz-Date", "0"))
    except ValueError:
        expires = 0
    sandbox = sandbox_of(request)
    if request.query.get("X-Amz-Signature") != _signature(name, expires) or expires < sandbox.clock():
        raise Refused(_storage_error(403, "AccessDenied", "Request has expired"))
    match = _FILE_NAME.fullmatch(name)
    assert match
    made: dict[str, bytes] = sandbox.memory.setdefault("sam_gov files", {})
    if name not in made:
        day = datetime.strptime(match[2], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        made[name] = sam_dat.archive(sandbox.world.registrations, day, utf8=bool(match[1]))[1]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=made[name], content_type="application/zip", headers=headers)


def first_sunday(year: int, month: int) -> date:
    """The day a month's file is built."""
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7)


def _file_wanted(asked: dict[str, Any], today: date) -> str:
    days = _built(today)
    if "fileName" in asked:
        match = _FILE_NAME.fullmatch(asked["fileName"])
        if match is None or match[2] not in {f"{day:%Y%m%d}" for day in days}:
            raise _no_file()
        return str(asked["fileName"]).upper()
    if asked.get("fileType", "").upper() != "ENTITY":
        raise refusal(400, "fileType is required", "Either fileName or fileType must be given", "MISSING_PARAMETER")
    if asked.get("sensitivity", "PUBLIC").upper() != "PUBLIC" or asked.get("frequency", "MONTHLY").upper() != "MONTHLY":
        raise _no_file()
    day = _day_wanted(asked.get("date"), days)
    utf8 = asked.get("charset", "ASCII").upper() in ("UTF8", "UTF-8")
    return f"SAM_PUBLIC_{'UTF-8_' if utf8 else ''}MONTHLY_V2_{day:%Y%m%d}.ZIP"


def _day_wanted(asked: str | None, days: list[date]) -> date:
    if asked is None:
        return days[0]
    month = re.fullmatch(r"(\d{2})/(\d{4})", asked)
    if month is None:
        message = "The date must be in the format MM/YYYY"
        raise refusal(400, message, message, "INVALID_DATE_FORMAT")
    for day in days:
        if (day.month, day.year) == (int(month[1]), int(month[2])):
            return day
    raise _no_file()


def _built(today: date) -> list[date]:
    """The days of the files that exist, newest first."""
    months = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in range(_MONTHS_KEPT + 1)]
    return [day for year, month in months if (day := first_sunday(year, month + 1)) <= today]


def _no_file() -> Refused:
    text = "No file was found for the given parameters"
    return refusal(400, text, text, "FILE_NOT_FOUND")


def _signature(name: str, expires: int) -> str:
    return hashlib.sha256(f"{name} until {expires}".encode()).hexdigest()


def _storage_error(status: int, code: str, message: str) -> web.Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return web.Response(status=status, text=text, content_type="application/xml")
