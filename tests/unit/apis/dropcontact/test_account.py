import pytest

from leadspiders.apis.dropcontact.account import read_credits
from leadspiders.errors import CredentialRefused, Unreadable


def test_the_balance(reply):
    assert read_credits(reply({"success": True, "error": False, "credits_left": 12})) == 12.0


@pytest.mark.parametrize("body", [{}, {"credits_left": None}, {"credits_left": True}, {"credits_left": "many"}])
def test_no_balance(reply, body):
    with pytest.raises(Unreadable):
        read_credits(reply(body))


def test_a_wrong_key(reply):
    with pytest.raises(CredentialRefused, match="DROPCONTACT_API_KEY"):
        read_credits(reply({"success": False, "error": True, "reason": "no"}, 401))
