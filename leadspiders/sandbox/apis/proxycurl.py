"""Proxycurl's legacy contract: profiles by URL or by name and employer, and pages of companies; found, it costs one."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis import proxycurl_records as records
from leadspiders.sandbox.apis.accounts import Accounts, bearer, refused
from leadspiders.sandbox.limits import Window
from leadspiders.sandbox.state import Refused, StandIn, sandbox_of
from leadspiders.sandbox.world.truth import World

Json = dict[str, Any]
Look = Callable[[World, dict[str, str]], tuple[str, Json] | None]
WINDOW, SMALL_WINDOW = Window("5 minutes", 1_500, 300, rolling=True), Window("5 minutes", 30, 300, rolling=True)
ACCOUNTS = Accounts("proxycurl", small=10)


def _look_up(needs: tuple[str, ...], look: Look) -> Callable[[web.Request], Any]:
    async def handle(request: web.Request) -> web.Response:
        key = _admit(request)
        asked = dict(request.query)
        asked["url"] = asked.get("url") or asked.get("linkedin_profile_url") or ""
        if missing := [name for name in needs if not asked.get(name)]:
            raise Refused(_refusal(400, f"Missing parameter {missing[0]}"))
        if ACCOUNTS.left(request, key) < 1:
            raise Refused(_refusal(403, "Not enough credits, please top up"))
        found = look(sandbox_of(request).world, asked)
        if found is None:
            raise Refused(_refusal(404, "Nothing was found for this query"))
        fact, answer = found
        ACCOUNTS.sell(request, key, [fact])
        return web.json_response(answer)

    return handle


def _admit(request: web.Request) -> str:
    """The key of a call that may pass; raises `Refused` with 401 or 429."""
    key = bearer(request)
    if refused(key):
        raise Refused(_refusal(401, "Invalid API Key"))
    sandbox = sandbox_of(request)
    window = SMALL_WINDOW if "small" in key else WINDOW
    if sandbox.limits.take("proxycurl", key, [window], sandbox.clock()).full:
        raise Refused(_throttled())
    return key


def _refusal(status: int, description: str) -> web.Response:
    return web.json_response({"code": status, "description": description, "name": "error"}, status=status)


def _throttled() -> web.Response:
    return _refusal(429, "Rate limited: 300 requests a minute at most")


def _routes() -> list[web.RouteDef]:
    root = "/proxycurl/api"
    resolve = ("first_name", "last_name", "company_domain")
    return [
        web.get(f"{root}/v2/linkedin", _look_up(("url",), records.profile_at)),
        web.get(f"{root}/linkedin/profile/resolve", _look_up(resolve, records.resolved)),
        web.get(f"{root}/linkedin/company", _look_up(("url",), records.page_at)),
    ]


STAND_IN = StandIn("proxycurl", _routes, _throttled)
