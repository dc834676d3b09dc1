import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.neverbounce.contract import API
from leadspiders.apis.neverbounce.single import read_single, single_call
from leadspiders.apis.neverbounce.verification import read_verdict
from leadspiders.errors import RateLimited, Unreadable

ADDRESS = "dana.field@ohiogear.example.com"


def test_the_call_has_nothing_in_its_url():
    call = single_call(ADDRESS)
    assert (call.method, call.url(API.base_url)) == ("POST", "https://api.neverbounce.com/v4.2/single/check")
    assert call.json == {"email": ADDRESS, "timeout": 20}
    assert (call.credits, call.group) == (1.0, "single")


def test_a_verdict(reply, payload):
    drift = Drift()
    found = read_verdict(read_single(reply(payload("neverbounce/single_check.json")), ADDRESS, drift))
    assert (found.email, found.email_status) == (ADDRESS, "valid")
    assert found.extras == {"neverbounce": {"flags": ["has_dns", "has_dns_mx", "smtp_connectable"]}}
    assert drift.fields == {}


def test_drift(reply):
    drift = Drift()
    raw = read_single(reply({"result": "catchall", "aura": 1, "suggested_correction": []}), ADDRESS, drift)
    assert drift.fields == {
        ("neverbounce.verifications", "aura", "unknown"): 1,
        ("neverbounce.verifications", "flags", "missing"): 1,
        ("neverbounce.verifications", "suggested_correction", "wrong type"): 1,
    }
    assert read_verdict(raw).email_status == "risky"


@pytest.mark.parametrize("body", ["", "[]", {}, {"result": None}, {"result": []}])
def test_a_body_without_a_verdict(reply, body):
    with pytest.raises(Unreadable):
        read_single(reply(body), ADDRESS)


def test_too_fast(reply):
    with pytest.raises(RateLimited):
        read_single(reply({"status": "throttle_triggered"}), ADDRESS)


@pytest.mark.parametrize("raw", [b"", b"null", b"{}", b'{"email": "a"}', b'{"email": "a", "verification": {}}'])
def test_a_kept_verdict_that_is_none(raw):
    with pytest.raises(Unreadable):
        read_verdict(raw)
