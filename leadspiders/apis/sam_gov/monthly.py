"""SAM.gov's monthly file of all public registrations: built the first Sunday of a month, about 147 MB as a ZIP."""

import re
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit

from leadspiders.apis.http import Call, Reply
from leadspiders.apis.refusals import said
from leadspiders.apis.sam_gov.contract import API, check
from leadspiders.apis.sam_gov.pages import ANY_TYPE
from leadspiders.errors import NotPublished, Unreadable

PATH = "/data-services/v1/extracts"
NO_FILE = re.compile(r"\bno\b.*\b(file|extract)s?\b|\b(file|extract)s?\b.*\b(not|no longer)\b")


def monthly_call(month: date, *, charset: Literal["UTF8", "ASCII"] = "UTF8") -> Call:
    """The call for the monthly file of all public registrations; it answers with a redirect to a ZIP file.

    The redirect goes to a storage service and must be followed without the key.
    """
    params = (
        ("fileType", "ENTITY"),
        ("sensitivity", "PUBLIC"),
        ("frequency", "MONTHLY"),
        ("charset", charset),
        ("version", "V2"),
        ("date", f"{month:%m/%Y}"),
    )
    return Call(api=API.name, path=PATH, params=params, headers=ANY_TYPE, purpose="monthly file")


def check_monthly(reply: Reply) -> None:
    """Raise `NotPublished` when there is no file for the month, else what `check` raises."""
    words = said(reply).lower() if reply.status in {400, 404} else ""
    if reply.status == 404 or NO_FILE.search(words):
        raise NotPublished(
            f"SAM.gov has no file for this month: {words or 'it comes after the first Sunday'}", status=404
        )
    check(reply)


def read_link(reply: Reply) -> tuple[str, str]:
    """The name of the file and the address it is fetched from, good for an hour and without the key.

    Raises what `check_monthly` raises, and `Unreadable` for an answer that leads nowhere.
    """
    check_monthly(reply)
    location = reply.headers.get("location")
    if not location:
        raise Unreadable("SAM.gov's answer to the question for a monthly file names no address", status=reply.status)
    address = urljoin(reply.url, location)
    return PurePosixPath(unquote(urlsplit(address).path)).name, address


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)
