from dataclasses import replace
from datetime import UTC, datetime

import pytest

from leadspiders.apis.http import Call, Conversation, Reply, carried, converse, retry_after
from leadspiders.errors import Unreadable

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)


def test_the_prefix_of_a_base_url_is_kept_and_parameters_are_encoded():
    call = Call(api="x", path="/a/b", params=(("q", "A~B&C"), ("date", "[01/02/2026,01/03/2026]")))
    assert call.url("http://127.0.0.1:9/sam_gov/") == (
        "http://127.0.0.1:9/sam_gov/a/b?q=A~B%26C&date=%5B01%2F02%2F2026%2C01%2F03%2F2026%5D"
    )


def test_a_body_is_compact_json_in_utf_8():
    call = Call(api="x", method="POST", path="/", json={"name": "Zoë"})
    assert call.body() == '{"name":"Zoë"}'.encode()
    assert call.all_headers()["Content-Type"] == "application/json"
    assert Call(api="x", path="/").body() == b""


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a":', b'"\xff"'])
def test_no_json(reply, body):
    with pytest.raises(Unreadable, match=r"api\.example\.com did not answer JSON"):
        reply(body).data()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30.0),
        ("1.5", 1.5),
        ("-4", 0.0),
        ("Sat, 21 Nov 2026 15:31:00 GMT", 60.0),
        ("Sat, 21 Nov 2026 15:31:00 -0000", 60.0),
        ("Sat, 21 Nov 2026 15:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after(value, seconds):
    assert retry_after(value, NOW) == seconds


def test_a_conversation_is_held_with_a_list_of_replies(reply):
    def two_calls():
        first = yield Call(api="x", path="/1")
        second = yield Call(api="x", path="/2")
        return first.text + second.text

    result, calls = converse(two_calls(), [reply("a"), reply("b")])
    assert (result, [call.path for call in calls]) == ("ab", ["/1", "/2"])
    with pytest.raises(AssertionError, match="/2"):
        converse(two_calls(), [reply("a")])


def test_a_conversation_is_carried_as_it_is_or_by_somebody_who_looks_on(reply):
    seen: list[str] = []

    def talk() -> Conversation[str]:
        try:
            yield Call(api="made", path="/1")
        except TimeoutError as error:
            return str(error)
        return "answered"

    def watched(call: Call) -> Conversation[Reply]:
        try:
            return (yield replace(call, path="/other"))
        except TimeoutError:
            seen.append(call.path)
            raise

    result, calls = converse(carried(talk()), [reply("a")])
    assert (result, [call.path for call in calls]) == ("answered", ["/1"])
    conversation = carried(talk(), watched)
    assert next(conversation).path == "/other"
    with pytest.raises(StopIteration) as end:
        conversation.throw(TimeoutError("cut"))
    assert (end.value.value, seen) == ("cut", ["/1"])
