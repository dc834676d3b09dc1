from datetime import date

import pytest

from leadspiders.apis.sam_gov.monthly import check_monthly, month_before, monthly_call, read_link
from leadspiders.errors import CredentialRefused, NotPublished, RequestRefused, Unreadable


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


def test_the_link_tells_the_name_of_the_file(reply):
    url = "https://storage.example.com/files/SAM_PUBLIC_UTF-8_MONTHLY_V2_20261101.ZIP?X-Amz-Signature=abc"
    name, address = read_link(reply("", 302, location=url))
    assert (name, address) == ("SAM_PUBLIC_UTF-8_MONTHLY_V2_20261101.ZIP", url)
    assert read_link(reply("", 302, location="/storage/a.zip"))[1] == "https://api.example.com/storage/a.zip"
    with pytest.raises(Unreadable):
        read_link(reply("", 200))
    with pytest.raises(NotPublished):
        read_link(reply({"message": "No file was found for the given parameters"}, 400))


def test_the_month_before():
    assert month_before(date(2026, 1, 31)) == date(2025, 12, 1)
