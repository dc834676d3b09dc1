import pytest

from leadspiders.apis.http import Auth
from leadspiders.apis.registry import APIS
from leadspiders.errors import ApiError


def test_names_and_order():
    assert list(APIS) == [
        *("bls", "bls_api", "sam_gov", "apollo"),
        *("hunter", "dropcontact", "neverbounce", "clearbit", "proxycurl"),
        "hubspot",
    ]
    assert all(name == api.name for name, api in APIS.items())


def test_where_credentials_come_from_and_go():
    assert {name: (api.key_name, api.auth, api.auth_field, api.key_required) for name, api in APIS.items()} == {
        "bls": ("", Auth.NONE, "", False),
        "bls_api": ("BLS_API_KEY", Auth.JSON_FIELD, "registrationkey", False),
        "sam_gov": ("SAM_GOV_API_KEY", Auth.HEADER, "X-Api-Key", True),
        "apollo": ("APOLLO_API_KEY", Auth.HEADER, "x-api-key", True),
        "hunter": ("HUNTER_API_KEY", Auth.HEADER, "X-API-KEY", True),
        "dropcontact": ("DROPCONTACT_API_KEY", Auth.HEADER, "X-Access-Token", True),
        "neverbounce": ("NEVERBOUNCE_API_KEY", Auth.JSON_FIELD, "key", True),
        "clearbit": ("CLEARBIT_API_KEY", Auth.BEARER, "Authorization", True),
        "proxycurl": ("PROXYCURL_API_KEY", Auth.BEARER, "Authorization", True),
        "hubspot": ("HUBSPOT_TOKEN", Auth.BEARER, "Authorization", True),
    }


@pytest.mark.parametrize("api", APIS.values(), ids=list(APIS))
class TestEveryApi:
    def test_has_a_pace_and_a_secure_address(self, api):
        assert api.base_url.startswith("https://")
        assert api.limits
        assert all(limit.calls > 0 and limit.seconds > 0 for limit in (*api.limits, *api.limits_without_key))

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
    @pytest.mark.parametrize("body", ["", "Invalid API key", "<html>no</html>", {"message": "no"}, [], {"error": None}])
    def test_every_refusal_is_one_of_ours(self, api, reply, status, body):
        with pytest.raises(ApiError) as caught:
            api.check(reply(body, status))
        assert caught.value.status == status
        assert "\n" not in str(caught.value)

    def test_data_passes(self, api, reply):
        assert api.check(reply({"ok": True})) is None

    def test_headers_may_be_missing_or_odd(self, api, reply):
        assert api.usage(reply("")) == ()
        assert api.usage(reply("", x_rate_limit_minute="many", x_hubspot_ratelimit_max="?")) == ()
