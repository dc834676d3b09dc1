"""Clearbit's legacy contract: companies by domain, people by e-mail, domains by name.

What is unknown costs as much as what is found; a look-up that is queued (202) is counted once until it is answered.
"""

import re
from collections.abc import Callable
from typing import Any

from aiohttp import BasicAuth, web

from leadspiders.sandbox.apis import clearbit_records as records
from leadspiders.sandbox.apis.accounts import Accounts, bearer, refused
from leadspiders.sandbox.limits import Window
from leadspiders.sandbox.state import Refused, StandIn, sandbox_of
from leadspiders.sandbox.world import mailboxes
from leadspiders.sandbox.world.truth import World

Json = dict[str, Any]
Look = Callable[[World, str], Json | None]
WINDOW, SMALL_WINDOW = Window("minute", 600, 60), Window("minute", 30, 60)
ACCOUNTS = Accounts("clearbit", small=20)
QUEUED_SHARE, QUEUED_LOOKS = 0.08, 2
_DOMAIN = re.compile(r"([a-z0-9-]+\.)+[a-z]{2,}")
_EMAIL = re.compile(r"[^@\s]+@([a-z0-9-]+\.)+[a-z]{2,}")


def _look_up(parameter: str, well_formed: re.Pattern[str], look: Look) -> Callable[[web.Request], Any]:
    async def handle(request: web.Request) -> web.Response:
        key, headers = _admit(request)
        value = request.query.get(parameter, "").strip().lower()
        if well_formed.fullmatch(value):
            response = _answer(request, key, f"{parameter}:{value}", look(sandbox_of(request).world, value))
        else:
            response = _refusal(422, f"{parameter}_invalid", f"Invalid {parameter}.")
        response.headers.update(headers)
        return response

    return handle


def _answer(request: web.Request, key: str, fact: str, found: Json | None) -> web.Response:
    looks: dict[str, int] = sandbox_of(request).memory.setdefault("clearbit queued", {})
    if fact not in looks:
        if ACCOUNTS.left(request, key) < 1:
            return _refusal(402, "over_quota", "You have used up the requests of your plan.")
        ACCOUNTS.sell(request, key, [fact])
    if mailboxes.chance("clearbit", "queued", fact) < QUEUED_SHARE and looks.get(fact, 0) < QUEUED_LOOKS:
        looks[fact] = looks.get(fact, 0) + 1
        return _refusal(202, "queued", "Your request is being processed: ask again later.")
    looks.pop(fact, None)
    return web.json_response(found) if found else _refusal(404, "unknown_record", "Unknown record.")


def _admit(request: web.Request) -> tuple[str, dict[str, str]]:
    """The key of a call that may pass, and its rate headers; raises `Refused` with 401 or 429."""
    key = bearer(request)
    if key.startswith("Basic "):
        try:
            key = BasicAuth.decode(key).login
        except ValueError:
            key = ""
    if refused(key):
        raise Refused(_refusal(401, "auth_invalid", "Invalid API key provided."))
    sandbox = sandbox_of(request)
    window = SMALL_WINDOW if "small" in key else WINDOW
    verdict = sandbox.limits.take("clearbit", key, [window], sandbox.clock())
    usage = verdict.usages[0]
    headers = {
        "X-RateLimit-Limit": str(window.calls),
        "X-RateLimit-Remaining": str(usage.left),
        "X-RateLimit-Reset": str(int(usage.resets_in + 0.999)),
    }
    if verdict.full:
        response = _throttled()
        response.headers.update(headers)
        raise Refused(response)
    return key, headers


def _refusal(status: int, kind: str, message: str) -> web.Response:
    return web.json_response({"error": {"type": kind, "message": message}}, status=status)


def _throttled() -> web.Response:
    return _refusal(429, "rate_limit", "Too many requests: slow down.")


def _routes() -> list[web.RouteDef]:
    return [
        web.get("/v2/companies/find", _look_up("domain", _DOMAIN, records.company_at)),
        web.get("/v2/combined/find", _look_up("email", _EMAIL, records.combined)),
        web.get("/v1/domains/find", _look_up("name", re.compile(r".+"), records.named)),
    ]


STAND_IN = StandIn("clearbit", _routes, _throttled)
