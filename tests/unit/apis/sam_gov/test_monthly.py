from datetime import date

import pytest

from leadspiders.apis.sam_gov.monthly import check_monthly, monthly_call
from leadspiders.errors import CredentialRefused, NotPublished, RequestRefused


def test_monthly_file():
    call = monthly_call(date(2026, 9, 6))
    assert call.path == "/data-services/v1/extracts"
    assert dict(call.params) == {
        "fileType": "ENTITY",
        "sensitivity": "PUBLIC",
        "frequency": "MONTHLY",
        "charset": "UTF8",
        "version": "V2",
        "date": "09/2026",
    }


def test_replies_to_the_monthly_call(reply):
    check_monthly(reply("", 302, location="https://storage.example.com/x"))
    for status, words in (
        (400, "No file exists for the parameters"),
        (400, "The requested file does not exist"),
        (404, ""),
    ):
        with pytest.raises(NotPublished):
            check_monthly(reply({"message": words}, status))
    with pytest.raises(RequestRefused):
        check_monthly(reply({"message": "invalid date, use MM/YYYY"}, 400))
    with pytest.raises(CredentialRefused):
        check_monthly(reply("No api_key was supplied", 403))
