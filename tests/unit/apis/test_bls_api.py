import pytest

from leadspiders.apis.bls_api import API, Point, read_series, series_calls, series_id
from leadspiders.errors import ArgumentError, CredentialRefused, QuotaUsedUp, RequestRefused, Unreadable


def test_series_id_of_the_documentation():
    assert series_id("04013", "employees", industry="111150") == "ENU04013105111150"
    assert series_id("39049", "employees") == "ENU3904910510"
    assert series_id("us000", "weekly_wage", size="5") == "ENUUS00045510"


@pytest.mark.parametrize(
    "wrong",
    [
        {"area": "39"},
        {"data_type": "people"},
        {"industry": "31-33"},
        {"own": "7"},
        {"area": "39049", "size": "5"},
    ],
)
def test_ids_that_cannot_be(wrong):
    with pytest.raises(ArgumentError):
        series_id(**({"area": "39000", "data_type": "employees"} | wrong))


def test_a_query_carries_no_key_and_goes_to_the_documented_address():
    (call,) = series_calls(["ENU3904910510"], 2024, 2025)
    assert call.url(API.base_url) == "https://api.bls.gov/publicAPI/v2/timeseries/data/"
    assert call.json == {"seriesid": ["ENU3904910510"], "startyear": "2024", "endyear": "2025"}
    assert API.auth_field == "registrationkey"


@pytest.mark.parametrize(("with_key", "series", "years", "calls"), [(True, 50, 20, 6), (False, 25, 10, 15)])
def test_queries_are_split_by_series_and_years(with_key, series, years, calls):
    ids = [f"ENU{number:05d}10510" for number in range(101)]
    made = series_calls(ids, 2001, 2025, with_key=with_key)
    assert len(made) == calls
    assert all(len(call.json["seriesid"]) <= series for call in made)
    assert all(int(call.json["endyear"]) - int(call.json["startyear"]) < years for call in made)
    asked = {(one, year) for call in made for one in call.json["seriesid"]
             for year in range(int(call.json["startyear"]), int(call.json["endyear"]) + 1)}  # fmt: skip
    assert asked == {(one, year) for one in ids for year in range(2001, 2026)}


def test_nothing_to_ask_for():
    with pytest.raises(ArgumentError):
        series_calls([], 2024, 2025)
    with pytest.raises(ArgumentError):
        series_calls(["X"], 2025, 2024)


def test_points_and_notes(reply, payload):
    found = read_series(reply(payload("bls_api/series.json")))
    assert found.series == {
        "ENU3904910510": [
            Point(year=2025, period="Q01", value=610_234.0),
            Point(year=2024, period="M12", value=None, footnotes=("Withheld",)),
        ],
        "ENU9999910510": [],
    }
    assert found.notes == ["Series does not exist for Series ENU9999910510"]


def test_results_as_a_list(reply):
    body = {"status": "REQUEST_SUCCEEDED", "message": [], "Results": [{"series": [{"seriesID": "X", "data": []}]}]}
    assert read_series(reply(body)).series == {"X": []}


def refused(message, status="REQUEST_NOT_PROCESSED", results=None):
    return {"status": status, "responseTime": 1, "message": [message], "Results": {} if results is None else results}


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (
            "Request could not be serviced, as the daily threshold for total number of requests has been reached.",
            QuotaUsedUp,
        ),
        ("The key:abc123secret provided by the User is invalid.", CredentialRefused),
        ("Something else", RequestRefused),
    ],
)
def test_refusals_inside_a_200(reply, message, error):
    with pytest.raises(error) as caught:
        read_series(reply(refused(message)))
    assert "abc123secret" not in str(caught.value)


def test_an_echoed_key_is_in_no_note(reply):
    body = refused("The key: abc123secret provided by the User is invalid.", "REQUEST_SUCCEEDED", {"series": []})
    assert "abc123secret" not in str(read_series(reply(body)))


@pytest.mark.parametrize("body", ["<html>", {"status": 1}, [], {"message": []}])
def test_another_body(reply, body):
    with pytest.raises(Unreadable):
        read_series(reply(body))
