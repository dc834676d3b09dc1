"""Who may call NeverBounce and how much is left; every answer is HTTP 200, its `status` says what it is."""

from typing import Any

from aiohttp import web

from leadspiders.sandbox.limits import Window
from leadspiders.sandbox.state import EFFECT, Refused, sandbox_of

Json = dict[str, Any]
CREDITS = {"paid": 10_000_000, "free": 40}
# NeverBounce names no rate for single calls; what it does say is how often jobs may be run.
WINDOWS = {
    "single/check": (Window("second", 50, 1),),
    "jobs/create": (Window("day", 50, 86400),),
}


async def admit(request: web.Request, path: str) -> Json:
    """The parameters of a call of `path`, query and body together; raises `Refused` for a bad key or too many calls."""
    sandbox = sandbox_of(request)
    asked = await _read(request)
    key = str(asked.get("key") or "")
    if not key or "invalid" in key or "expired" in key:
        raise Refused(refusal("auth_failure", "Invalid API key '***'"))
    if "nomaster" in key:
        raise Refused(refusal("bad_referrer", "The originator of this request is not trusted"))
    if sandbox.limits.take(f"neverbounce {path}", key, WINDOWS.get(path, ()), sandbox.clock()).full:
        raise Refused(throttled())
    return asked


def throttled() -> web.Response:
    """What a caller gets who calls too fast."""
    return refusal("throttle_triggered", "Too many requests in a short amount of time. Please try again shortly.")


def refusal(status: str, message: str) -> web.Response:
    """An error as NeverBounce writes it."""
    return web.json_response({"status": status, "message": message, "execution_time": 3})


def plan_of(asked: Json) -> str:
    """Name of the plan behind the key."""
    return "free" if "small" in str(asked["key"]) else "paid"


def credits_left(request: web.Request, asked: Json) -> int:
    """Credits that the account of a key has left."""
    return CREDITS[plan_of(asked)] - _spent(request).get(str(asked["key"]), 0)


def charge(request: web.Request, asked: Json, addresses: list[str]) -> None:
    """Sell a verdict on each address, again if it was sold before; raises `Refused` when there are too few credits."""
    if len(addresses) > credits_left(request, asked):
        raise Refused(refusal("general_failure", "Insufficient credit balance: you do not have enough credits"))
    spent, key = _spent(request), str(asked["key"])
    spent[key] = spent.get(key, 0) + len(addresses)
    if addresses:
        request[EFFECT] = True
        sandbox_of(request).charges.charge("neverbounce", [f"verify:{address}" for address in addresses])


def _spent(request: web.Request) -> dict[str, int]:
    spent: dict[str, int] = sandbox_of(request).memory.setdefault("neverbounce credits", {})
    return spent


async def _read(request: web.Request) -> Json:
    asked: Json = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        try:
            body = await request.json()
        except ValueError as error:
            raise Refused(refusal("general_failure", "Unable to parse JSON")) from error
        if not isinstance(body, dict):
            raise Refused(refusal("general_failure", "The body must be an object"))
        return asked | body
    return asked | dict(await request.post())
