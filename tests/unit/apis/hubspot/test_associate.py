import pytest

from leadspiders.apis.hubspot.associate import associate_call, read_associated
from leadspiders.errors import ArgumentError, RequestRefused, Unreadable

PAIRS = [("1", "11"), ("2", "11"), ("3", "13")]


def test_associate():
    call = associate_call(PAIRS)
    assert call.path == "/crm/v4/associations/contacts/companies/batch/associate/default"
    assert call.json["inputs"][0] == {"from": {"id": "1"}, "to": {"id": "11"}}
    assert associate_call(PAIRS, version="2026-03").path.startswith("/crm/associations/2026-03/contacts/companies/")
    for wrong in ([], [("1", "2")] * 1001):
        with pytest.raises(ArgumentError):
            associate_call(wrong)


def test_pairs_that_were_not_confirmed(reply):
    results = [{"from": {"id": "11"}, "to": {"id": "2"}}, {"from": {"id": 1}, "to": {"id": 11}}, {"odd": True}]
    assert read_associated(reply({"results": results}, 207), PAIRS) == [("3", "13")]
    with pytest.raises(Unreadable):
        read_associated(reply({}), PAIRS)
    with pytest.raises(RequestRefused):
        read_associated(reply({"message": "bad"}, 400), PAIRS)
