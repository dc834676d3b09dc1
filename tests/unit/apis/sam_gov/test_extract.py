import pytest

from leadspiders.apis.http import converse
from leadspiders.apis.sam_gov.contract import API
from leadspiders.apis.sam_gov.extract import (
    MOST_POLLS,
    download_call,
    download_state,
    extract,
    poll_delay,
    read_token,
    start_call,
    too_many,
)
from leadspiders.errors import (
    ApiError,
    ArgumentError,
    CredentialRefused,
    QuotaUsedUp,
    RequestRefused,
    Unavailable,
    Unreadable,
)

ORDERED = (
    "Extract File will be available for download with url: https://api.sam.gov/entity-information/v3/download-entities"
    "?api_key=REPLACE_WITH_API_KEY&token=5mCzrxNVL9 in some time."
)
NOT_YET = {"message": "The requested file is not generated yet. Please try again later.", "details": "x"}
EXPIRED = {"message": "The token is expired.", "details": "x"}


def test_order():
    call = start_call("json", registrationStatus="A")
    assert call.path == "/entity-information/v3/entities"
    assert dict(call.params) == {
        "registrationStatus": "A",
        "includeSections": "entityRegistration,coreData,assertions,pointsOfContact",
        "format": "json",
    }
    assert call.all_headers()["Accept"] == "*/*"
    with pytest.raises(ArgumentError):
        start_call(size="10")


def test_token(reply):
    assert read_token(reply(ORDERED)) == "5mCzrxNVL9"
    with pytest.raises(Unreadable):
        read_token(reply("come back later"))
    with pytest.raises(CredentialRefused):
        read_token(reply("An invalid API key was supplied", 403))


def test_states_are_told_apart_by_their_words(reply):
    assert download_state(reply(NOT_YET, 400)) == "waiting"
    assert download_state(reply(EXPIRED, 400)) == "expired"
    assert download_state(reply(b"\x1f\x8b...")) == "ready"
    with pytest.raises(RequestRefused, match="maximum allowable"):
        download_state(reply({"message": "exceeded the maximum allowable limit"}, 400))
    with pytest.raises(QuotaUsedUp):
        download_state(reply({"code": "900804"}, 429))


def test_the_whole_conversation(reply):
    replies = [reply(ORDERED), reply(NOT_YET, 400), reply(NOT_YET, 400), reply(b"data")]
    found, calls = converse(extract(registrationStatus="A"), replies)
    assert found.body == b"data"
    assert [call.purpose for call in calls] == ["order extract", *["fetch extract"] * 3]
    assert [call.delay for call in calls] == [0.0, 180.0, 180.0, 180.0]
    assert all("key" not in call.url(API.base_url).lower() for call in calls)


def test_an_expired_token_is_ordered_anew(reply):
    replies = [reply(ORDERED), reply(EXPIRED, 400), reply(ORDERED.replace("5mCz", "abcd")), reply(b"data")]
    _, calls = converse(extract(), replies)
    assert [dict(call.params).get("token") for call in calls] == [None, "5mCzrxNVL9", None, "abcdrxNVL9"]


def test_an_extract_that_never_comes_is_given_up(reply):
    with pytest.raises(Unavailable, match="60 minutes"):
        converse(extract(), [reply(ORDERED), *[reply(NOT_YET, 400)] * MOST_POLLS])


def test_download_address():
    assert (
        download_call("abc").url(API.base_url)
        == "https://api.sam.gov/entity-information/v3/download-entities?token=abc"
    )


def test_polls_get_rarer():
    assert [poll_delay(polls, 60.0) for polls in range(4)] == [60.0, 90.0, 135.0, 202.5]
    assert poll_delay(50, 60.0) == 1800.0
    assert poll_delay(0, 3600.0) == poll_delay(9, 3600.0) == 3600.0


def test_a_question_too_large_for_an_extract(reply):
    for body, status, large in (
        ({"message": "The search exceeded the maximum allowable limit of 1,000,000"}, 400, True),
        ({"message": "invalid parameter"}, 400, False),
        ("", 502, False),
    ):
        with pytest.raises(ApiError) as caught:
            read_token(reply(body, status))
        assert too_many(caught.value) is large
