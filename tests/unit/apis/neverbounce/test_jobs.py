import json

import pytest

from leadspiders.apis.http import converse
from leadspiders.apis.neverbounce.contract import API
from leadspiders.apis.neverbounce.jobs import (
    LONGEST_WAIT_SECONDS,
    MOST_LOOKS,
    create_call,
    fetch,
    hand_in,
    read_created,
    read_results,
    read_state,
    results_call,
    status_call,
)
from leadspiders.apis.neverbounce.verification import read_verdict
from leadspiders.errors import ArgumentError, QuotaUsedUp, RequestRefused, Unavailable, Unreadable

ADDRESSES = ["dana.field@ohiogear.example.com", "gone@ohiogear.example.com", "no at sign"]


@pytest.fixture
def created(reply):
    return reply({"status": "success", "job_id": 150970, "execution_time": 388})


@pytest.fixture
def running(reply):
    return reply({"status": "success", "job_status": "running", "total": {}})


def test_the_calls():
    call = create_call(["a@x.example.com"])
    assert (call.method, call.url(API.base_url)) == ("POST", "https://api.neverbounce.com/v4.2/jobs/create")
    assert call.json["input"] == [{"id": "0", "email": "a@x.example.com"}]
    assert (call.json["auto_parse"], call.json["auto_start"], call.credits, call.group) == (True, True, 1.0, "jobs")
    assert status_call(7).params == (("job_id", "7"),)
    assert results_call(7, 2).params == (("job_id", "7"), ("page", "2"), ("items_per_page", "1000"))
    assert status_call(7).credits == results_call(7).credits == 0.0
    with pytest.raises(ArgumentError):
        create_call([])


def test_verdicts_come_in_the_order_of_the_addresses(reply, payload, created, running):
    replies = [
        running,
        running,
        reply(payload("neverbounce/jobs_status.json")),
        reply(payload("neverbounce/jobs_results.json")),
    ]
    assert converse(hand_in(ADDRESSES), [created])[0] == 150970
    judged, calls = converse(fetch(150970, 3), replies)
    assert [call.path.rpartition("/")[2] for call in calls] == ["status", "status", "status", "results"]
    assert [call.delay for call in calls] == [0.1, 0.2, 0.4, 0]
    found = [read_verdict(raw) for raw in judged.verdicts]
    assert [contact.email for contact in found] == ADDRESSES
    assert [contact.email_status for contact in found] == ["valid", "invalid", "invalid"]
    assert judged.credits == 2.0


def test_results_by_pages(reply):
    def page(*ids):
        rows = [
            {"data": {"id": str(id_), "email": ADDRESSES[id_]}, "verification": {"result": "valid", "flags": []}}
            for id_ in ids
        ]
        return reply({"results": rows, "total_pages": 2})

    done = reply({"job_status": "complete"})
    judged, calls = converse(fetch(7, 4), [done, page(0, 1), page(2)])
    assert [dict(call.params)["page"] for call in calls[1:]] == ["1", "2"]
    assert [raw and json.loads(raw)["email"] for raw in judged.verdicts] == [*ADDRESSES, None]
    assert judged.credits == 3.0  # NeverBounce did not say


def test_there_is_an_end_to_looking(running):
    with pytest.raises(Unavailable, match="later"):
        converse(fetch(7, 3), [running] * MOST_LOOKS)
    with pytest.raises(Unavailable):
        converse(fetch(7, 3, waits=False), [running])
    waits = [min(0.1 * 2**look, LONGEST_WAIT_SECONDS) for look in range(MOST_LOOKS)]
    assert 300 < sum(waits) < 400


@pytest.mark.parametrize(
    ("state", "reason", "error"),
    [("failed", "the file is empty", RequestRefused), ("failed", "not enough credits", QuotaUsedUp),
     ("under_review", None, RequestRefused)],
)  # fmt: skip
def test_a_job_that_fails(reply, state, reason, error):
    with pytest.raises(error):
        read_state(reply({"job_status": state, "failure_reason": reason}))


@pytest.mark.parametrize("body", ["", "[]", {}, {"job_id": None}, {"job_id": True}, {"job_id": "x"}])
def test_no_job(reply, body):
    with pytest.raises(Unreadable):
        read_created(reply(body))


@pytest.mark.parametrize("body", ["", "[]", {}, {"job_status": None}, {"job_status": "complete", "total": []}])
def test_no_state(reply, body):
    with pytest.raises(Unreadable):
        read_state(reply(body))


@pytest.mark.parametrize(
    "body",
    ["", {}, {"results": []}, {"results": {}, "total_pages": 1}, {"results": [{}], "total_pages": 1},
     {"results": [{"data": {"id": "x"}, "verification": {}}], "total_pages": 1}],
)  # fmt: skip
def test_no_results(reply, body):
    with pytest.raises(Unreadable):
        read_results(reply(body))


@pytest.mark.parametrize("verdict", [{}, None, "valid", {"result": []}])
def test_a_verdict_that_cannot_be_read_fails_its_own_address(reply, verdict):
    rows = [{"data": {"id": "0"}, "verification": verdict}, {"data": {"id": "1"}, "verification": {"result": "valid"}}]
    replies = [reply({"job_status": "complete"}), reply({"results": rows, "total_pages": 1})]
    judged, _ = converse(fetch(7, 2), replies)
    with pytest.raises(Unreadable):
        read_verdict(judged.verdicts[0])
    assert read_verdict(judged.verdicts[1]).email_status == "valid"
