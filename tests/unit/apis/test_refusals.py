from datetime import UTC, datetime

import pytest

from leadspiders.apis.refusals import next_utc_midnight, read_object, refuse_bad_status, said, scrub
from leadspiders.errors import CredentialRefused, RateLimited, RequestRefused, Unavailable, Unreadable


@pytest.mark.parametrize("status", [200, 201, 207])
def test_what_is_no_refusal(reply, status):
    refuse_bad_status(reply("", status))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RequestRefused),
        (401, CredentialRefused),
        (403, CredentialRefused),
        (404, RequestRefused),
        (408, Unavailable),
        (422, RequestRefused),
        (429, RateLimited),
        (500, Unavailable),
        (504, Unavailable),
    ],
)
def test_what_a_status_stands_for(reply, status, error):
    with pytest.raises(error) as caught:
        refuse_bad_status(reply({"message": "because"}, status))
    assert caught.value.status == status
    assert str(caught.value) == f"api.example.com answered {status}: because"


def test_a_full_window_says_how_long(reply):
    with pytest.raises(RateLimited) as caught:
        refuse_bad_status(reply("", 429, retry_after="12"))
    assert caught.value.retry_after == 12.0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"code": "X", "message": "bad key"}}, "bad key"),
        ({"message": ["one", "two"]}, "one two"),
        ({"error": "no", "error_code": "E"}, "no"),
        ([{"detail": "deep"}], "deep"),
        ("<html><style>a{}</style><h1>Down</h1>\n now</html>", "Down now"),
        ("", ""),
        ({"name": "Dana Field"}, ""),
    ],
)
def test_what_a_body_says(reply, body, words):
    assert said(reply(body)) == words


@pytest.mark.parametrize(
    "text",
    [
        "see https://api.sam.gov/x?api_key=hunter2secret&q=1",
        "the key: hunter2secret is wrong",
        "SAM-0a1b2c3d-hunter2secret".replace("hunter2secret", "00112233"),
        "token pat-na1-0a1b2c3d-4e5f is expired",
        "hunter2secret@example.com is taken",
    ],
)
def test_no_secret_and_no_address_in_a_message(text):
    cleaned = scrub(text)
    for secret in ("hunter2secret", "00112233", "0a1b2c3d"):
        assert secret not in cleaned
    assert "***" in cleaned


def test_a_long_message_is_cut(reply):
    assert len(said(reply("x" * 5_000))) == 300


def test_midnight_in_utc():
    assert next_utc_midnight(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)


def test_an_answer_that_is_no_object(reply):
    with pytest.raises(Unreadable):
        read_object(reply([1]))


def test_a_redirect_that_nobody_followed_is_no_data(reply):
    with pytest.raises(Unavailable, match="answered 302, a redirect that is not followed"):
        refuse_bad_status(reply("", 302))
