from datetime import UTC, datetime

import pytest

from leadspiders.apis.apollo.usage import credit_usage_call, credits_consumed, read_credits, read_usage, usage_call
from leadspiders.apis.consumed import Consumed
from leadspiders.apis.http import Usage
from leadspiders.errors import CredentialRefused, Unreadable


def test_calls_cost_nothing():
    assert usage_call().path == "/api/v1/usage_stats/api_usage_stats"
    assert credit_usage_call().path == "/api/v1/usage_stats/credit_usage_stats"
    assert usage_call().credits == credit_usage_call().credits == 0.0


def test_limits_by_endpoint(reply, payload):
    assert read_usage(reply(payload("apollo/api_usage.json"))) == {
        "api/v1/people/bulk_match": (
            Usage(seconds=60, limit=100, left=100),
            Usage(seconds=3600, limit=600, left=588),
            Usage(seconds=86_400, limit=6000, left=5988),
        ),
        "api/v1/contacts/search": (Usage(seconds=60, limit=200, left=199),),
    }
    assert read_usage(reply({"plain/name": {}, "note": "text"})) == {"plain/name": ()}


def test_credits_left(reply, payload):
    found = read_credits(reply(payload("apollo/credit_usage.json")))
    assert found.left == {"lead_credit": 19_659.5}
    assert found.renews_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert (
        read_credits(reply({"credit_usage_stats": {}, "current_credit_cycle": {"end_date": "soon"}})).renews_at is None
    )


@pytest.mark.parametrize("body", [{}, {"credit_usage_stats": {"lead_credit": "many"}}])
def test_another_body(reply, body):
    with pytest.raises(Unreadable):
        read_credits(reply(body))


def test_it_needs_a_master_key(reply):
    with pytest.raises(CredentialRefused, match="master key"):
        read_usage(reply({"error": "no", "error_code": "API_INACCESSIBLE"}, 403))


def consumed(reply):
    asking = credits_consumed()
    assert next(asking) == credit_usage_call()
    with pytest.raises(StopIteration) as end:
        asking.send(reply)
    return end.value.value


def test_what_the_cycle_has_consumed_is_the_sum_of_all_kinds(reply):
    kinds = {"lead_credit": {"consumed": 12.5}, "mobile_credit": {"consumed": 3}, "other": {"limit": 9}}
    body = {"credit_usage_stats": kinds, "current_credit_cycle": {"end_date": "2026-12-01T00:00:00Z"}}
    assert consumed(reply(body)) == Consumed(credits=15.5, cycle="2026-12-01T00:00:00+00:00")


@pytest.mark.parametrize(
    "body",
    [
        {"credit_usage_stats": {}, "current_credit_cycle": {"end_date": "2026-12-01T00:00:00Z"}},
        {"credit_usage_stats": {"lead_credit": {"consumed": 1}}},
    ],
)
def test_a_counter_without_figure_or_cycle_is_none(reply, body):
    asking = credits_consumed()
    next(asking)
    with pytest.raises(Unreadable):
        asking.send(reply(body))
