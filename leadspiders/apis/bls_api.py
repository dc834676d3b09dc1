"""BLS Public Data API v2: chosen time series of QCEW, by series id; with a free key twenty times as many a day.

It answers 200 for refusals too: the status in the body and the words beside it tell them apart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from leadspiders.apis.http import Api, Auth, Call, Limit, Reply
from leadspiders.apis.refusals import next_utc_midnight, refuse_bad_status, scrub
from leadspiders.errors import ArgumentError, CredentialRefused, QuotaUsedUp, RequestRefused, Unreadable

PATH = "/publicAPI/v2/timeseries/data/"
DATA_TYPES = {"employees": "1", "establishments": "2", "total_wages": "3", "weekly_wage": "4", "annual_pay": "5"}
# Series and years a query, with a key and without one.
WITH_KEY, WITHOUT_KEY = (50, 20), (25, 10)
KEY_ECHO = re.compile(r"(?i)((?:the|registration) key:?)\s*\S+(\s+(?:provided|has)\b)")


class Footnote(msgspec.Struct):
    """A remark on a value; an empty object where there is none."""

    code: str | None = None
    text: str | None = None


class Value(msgspec.Struct):
    """One value as BLS writes it."""

    year: int
    period: str
    value: str
    footnotes: list[Footnote] = []


class Series(msgspec.Struct, rename={"id": "seriesID"}):
    """One series, newest value first."""

    id: str
    data: list[Value] = []


class Results(msgspec.Struct):
    """What `Results` holds; on failure it may be empty."""

    series: list[Series] = []


class Answer(msgspec.Struct):
    """The whole body. Samples in the documentation show `Results` as a list."""

    status: str
    message: list[str] = []
    results: Results | list[Results] | None = msgspec.field(name="Results", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value: `period` is `Q01`-`Q04`, `A01` or a month `M01`-`M13`; `value` is None where BLS writes `-`."""

    year: int
    period: str
    value: float | None
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesReply:
    """Points by series id, newest first, and what BLS remarks (`Series does not exist for ...`)."""

    series: dict[str, list[Point]]
    notes: list[str] = field(default_factory=list)


# 500 queries a day with a key, 25 without; the burst limit of 50 in 10 seconds is not certain and costs nothing.
API = Api(
    name="bls_api",
    base_url="https://api.bls.gov",
    auth=Auth.JSON_FIELD,
    auth_field="registrationkey",
    key_name="BLS_API_KEY",
    limits=(Limit(group="default", calls=500, seconds=86_400), Limit(group="default", calls=50, seconds=10)),
    limits_without_key=(Limit(group="default", calls=25, seconds=86_400),),
    check=refuse_bad_status,
    largest_body=8 * 2**20,  # 50 series of 20 years by month are 13,000 values of some 100 bytes
)


def series_id(area: str, data_type: str, *, size: str = "0", own: str = "5", industry: str = "10") -> str:
    """The id of a QCEW series: `ENU`, area, data type, size class, ownership, industry.

    `data_type` is one of `DATA_TYPES`. Sizes exist for the US and states only. Raises `ArgumentError` for combined
    sectors: how BLS spells 31-33 in an id is not documented, so use the slices.
    """
    area, industry = area.upper(), industry.upper()
    if data_type not in DATA_TYPES:
        raise ArgumentError(f"data_type {data_type}: use one of {', '.join(DATA_TYPES)}")
    if not re.fullmatch(r"[A-Z0-9]{5}", area):
        raise ArgumentError(f"area {area}: five characters, such as 39049 or US000")
    if not (re.fullmatch(r"\d", size) and re.fullmatch(r"[0-589]", own)):
        raise ArgumentError(f"size {size}, ownership {own}: one digit each")
    if size != "0" and not (area == "US000" or area.endswith("000")):
        raise ArgumentError(f"area {area}: size classes exist for the US and for states only")
    if not re.fullmatch(r"\d{2,6}", industry):
        raise ArgumentError(f"industry {industry}: 2 to 6 digits; for combined sectors such as 31-33 use the slices")
    return f"ENU{area}{DATA_TYPES[data_type]}{size}{own}{industry}"


def series_calls(ids: Sequence[str], start: int, end: int, *, with_key: bool = True) -> list[Call]:
    """The calls for series from year `start` to `end`: as many as the limits on series and years of a query need."""
    if not ids or start > end:
        raise ArgumentError(f"{len(ids)} series from {start} to {end}: name series, and the first year first")
    most_series, most_years = WITH_KEY if with_key else WITHOUT_KEY
    return [
        Call(
            api=API.name,
            method="POST",
            path=PATH,
            json={
                "seriesid": list(ids[at : at + most_series]),
                "startyear": str(year),
                "endyear": str(min(year + most_years - 1, end)),
            },
            purpose="time series",
        )
        for year in range(start, end + 1, most_years)
        for at in range(0, len(ids), most_series)
    ]


def read_series(reply: Reply) -> SeriesReply:
    """The points of every series that exists; raises the refusals that hide in a 200."""
    refuse_bad_status(reply)
    try:
        answer = msgspec.json.decode(reply.body, type=Answer, strict=False)
    except ValueError as error:
        raise Unreadable(f"the BLS API did not answer as documented: {error}", status=reply.status) from error
    notes = [scrub(KEY_ECHO.sub(r"\1 ***\2", line)) for line in answer.message]
    words = " ".join(notes)
    if answer.status != "REQUEST_SUCCEEDED":
        if "daily threshold" in words:
            raise QuotaUsedUp(
                f"the BLS API's queries of the day are used up, go on tomorrow: {words}",
                status=reply.status,
                retry_at=next_utc_midnight(reply.received_at),
            )
        if "key" in words.lower() and "invalid" in words.lower():
            raise CredentialRefused(
                "the BLS API refuses the key: register BLS_API_KEY anew or unset it", status=reply.status
            )
        raise RequestRefused(f"the BLS API refuses the request ({answer.status}): {words}", status=reply.status)
    blocks = answer.results if isinstance(answer.results, list) else [answer.results or Results()]
    return SeriesReply(
        series={one.id: [_point(value) for value in one.data] for block in blocks for one in block.series},
        notes=notes,
    )


def _point(value: Value) -> Point:
    try:
        amount = float(value.value.replace(",", ""))
    except ValueError:
        amount = None
    texts = tuple(note.text for note in value.footnotes if note.text)
    return Point(year=value.year, period=value.period, value=amount, footnotes=texts)
