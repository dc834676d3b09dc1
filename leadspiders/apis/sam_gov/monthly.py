"""SAM.gov's monthly file of all public registrations: built the first Sunday of a month, about 147 MB as a ZIP."""

import re
from datetime import date
from typing import Literal

from leadspiders.apis.http import Call, Reply
from leadspiders.apis.refusals import said
from leadspiders.apis.sam_gov.contract import API, check
from leadspiders.apis.sam_gov.pages import ANY_TYPE
from leadspiders.errors import NotPublished

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
