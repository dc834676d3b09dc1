import json

import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.dropcontact.enrich import MOST_LOOKS, fetch, hand_in, read_fetched, read_submitted, submit_call
from leadspiders.apis.http import converse
from leadspiders.errors import ArgumentError, QuotaUsedUp, RequestRefused, Unavailable, Unreadable

DANA = {"full_name": "Dana Field", "website": "ohiogear.example.com"}
LEE = {"full_name": "Lee Park", "company": "Ohio Gear"}
NOT_READY = {"success": False, "error": False, "reason": "Request not ready yet, try again in 30 seconds"}
SUBMITTED = {"request_id": "r1", "success": True, "error": False, "credits_left": 9}


def done(*records):
    return {"success": True, "error": False, "credits_left": 8, "data": list(records)}


def record(asked, place, **found):
    return asked | {"custom_fields": {"place": str(place), "sent": ",".join(asked)}} | found


def test_records_are_handed_in_with_their_place(reply):
    call = next(hand_in([DANA, LEE | {"email": "lee@example.com"}]))
    assert (call.method, call.path, call.credits) == ("POST", "/v1/enrich/all", 2.0)
    assert (call.json["siren"], call.json["language"]) == (False, "en")
    assert [one["custom_fields"] for one in call.json["data"]] == [
        {"place": "0", "sent": "full_name,website"},
        {"place": "1", "sent": "full_name,company,email", "checked": "email"},
    ]
    assert converse(hand_in([DANA]), [reply(SUBMITTED)])[0] == "r1"


def test_looks_get_rarer_up_to_what_is_asked_for_and_cost_nothing(reply):
    found = done(record(DANA, 0, email=[{"email": "dana@example.com", "qualification": "nominative@pro"}]))
    enriched, calls = converse(fetch("r1", 1), [*[reply(NOT_READY)] * 9, reply(found)])
    assert [call.delay for call in calls] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30]
    assert {call.credits for call in calls} == {0.0}
    assert {call.path for call in calls} == {"/v1/enrich/all/r1"}
    assert enriched.credits == 1.0


def test_the_service_may_ask_for_less_patience(reply):
    soon = NOT_READY | {"reason": "Request not ready yet, try again in 1 second"}
    _, calls = converse(fetch("r1", 1), [*[reply(soon)] * 5, reply(done(record(DANA, 0)))])
    assert [call.delay for call in calls] == [0.5, 1, 1, 1, 1, 1]


def test_there_is_an_end_to_asking_and_the_last_look_takes_what_there_is(reply):
    waiting = [reply(NOT_READY)] * (MOST_LOOKS - 1)
    conversation = fetch("r1", 2)
    calls = [next(conversation)] + [conversation.send(one) for one in waiting]
    assert [call.params for call in calls[-2:]] == [(), (("forceResults", "true"),)]
    assert 540 < sum(call.delay for call in calls) < 660
    with pytest.raises(Unavailable):
        conversation.send(reply(NOT_READY))


def test_one_look_takes_what_there_is(reply):
    enriched, [call] = converse(fetch("r1", 1, waits=False), [reply(done(record(DANA, 0)))])
    assert (call.params, call.delay, enriched.records) == ((("forceResults", "true"),), 0.0, [None])
    with pytest.raises(Unavailable):
        converse(fetch("r1", 1, waits=False), [reply(NOT_READY)])


def test_a_part_of_the_records(reply):
    partial = done(record(DANA, 0, email=[{"email": "dana@example.com", "qualification": "nominative@pro"}]))
    enriched = read_fetched(reply(partial), 2)
    assert [bool(raw) for raw in enriched.records] == [True, False]
    assert enriched.credits == 1.0


def test_records_are_put_where_they_were_asked(reply):
    shuffled = done(
        record(LEE, 1, email=[{"email": "lee@example.com", "qualification": "catch_all@pro"}]),
        record(DANA, 0, job="Director"),
    )
    enriched = read_fetched(reply(shuffled), 2)
    assert [json.loads(raw)["full_name"] for raw in enriched.records] == ["Dana Field", "Lee Park"]
    assert enriched.credits == 1.0


def test_without_custom_fields_the_order_decides(reply):
    enriched = read_fetched(reply(done(DANA | {"job": "Director"}, LEE | {"job": "Buyer"})), 2)
    assert [json.loads(raw)["job"] for raw in enriched.records] == ["Director", "Buyer"]


def test_what_was_sent_is_no_news(reply):
    echo = record(DANA, 0, first_name="Dana", last_name="Field", civility="Mrs", email=[])
    enriched = read_fetched(reply(done(echo)), 1)
    assert (enriched.records, enriched.credits) == ([None], 0.0)


@pytest.mark.parametrize("ugly", [None, 7, "x", [], {"custom_fields": {"place": "99"}, "job": "x"}])
def test_an_ugly_record_costs_only_itself(reply, ugly):
    enriched = read_fetched(reply(done(ugly, record(LEE, 1, job="Buyer"))), 2)
    assert [bool(raw) for raw in enriched.records] == [False, True]


def test_drift_is_noticed(reply):
    drift = Drift()
    read_fetched(reply(done(record(DANA, 0, email="dana@example.com", mood="good"))), 1, drift)
    assert drift.fields == {
        ("dropcontact.records", "mood", "unknown"): 1,
        ("dropcontact.records", "email", "wrong type"): 1,
    }


@pytest.mark.parametrize("records", [[], [DANA] * 251, [DANA | {"mood": "good"}]])
def test_calls_dropcontact_would_refuse(records):
    with pytest.raises(ArgumentError):
        submit_call(records)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, {"success": False, "error": True, "reason": "unexpected_field"}, RequestRefused),
        (400, {"success": False, "error": True, "reason": "too many records"}, RequestRefused),
        (403, {"success": False, "error": True, "reason": "Not enough credits"}, QuotaUsedUp),
        (200, {"success": True}, Unreadable),
        (200, "<html>", Unreadable),
        (500, {"detail": "oops"}, Unavailable),
    ],
)
def test_refusals(reply, status, body, error):
    with pytest.raises(error):
        read_submitted(reply(body, status))


@pytest.mark.parametrize("body", [{"success": True, "data": None}, "[]", done(DANA, LEE)])
def test_an_answer_of_another_shape(reply, body):
    with pytest.raises(Unreadable):
        read_fetched(reply(body), 1)


def test_why_it_refuses_is_told(reply):
    with pytest.raises(RequestRefused, match="unexpected_field: mood"):
        read_submitted(reply({"success": False, "error": True, "reason": "unexpected_field: mood"}, 400))
