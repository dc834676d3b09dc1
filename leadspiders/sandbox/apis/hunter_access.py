"""Who may call Hunter, how often, and on what quota: 403 is "too fast", 429 is "the plan is used up"."""

from aiohttp import web

from leadspiders.sandbox.limits import Window
from leadspiders.sandbox.state import EFFECT, Refused, sandbox_of


def _windows(second: int, minute: int) -> tuple[Window, Window]:
    return Window("second", second, 1), Window("minute", minute, 60)


WINDOWS = {
    "domain-search": _windows(15, 500),
    "email-finder": _windows(15, 500),
    "email-verifier": _windows(10, 300),
    "email-count": _windows(15, 500),
    "account": _windows(15, 500),
}
PLANS = {"paid": {"searches": 5_000_000, "verifications": 10_000_000}, "free": {"searches": 25, "verifications": 50}}


def admit(request: web.Request, path: str) -> None:
    """Let a call of `path` in; raises `Refused` with 401 or 403."""
    sandbox = sandbox_of(request)
    key = key_of(request)
    if not key or "invalid" in key or "expired" in key:
        raise Refused(refusal(401, "authentication_failed", "No user found for the API key supplied"))
    if sandbox.limits.take(f"hunter {path}", key, WINDOWS[path], sandbox.clock()).full:
        raise Refused(throttled())


def throttled() -> web.Response:
    """What a call beyond the limit of a second or minute gets."""
    return refusal(403, "forbidden", "You have reached the rate limit: slow down")


def refusal(status: int, name: str, details: str) -> web.Response:
    """An error as Hunter writes it."""
    return web.json_response({"errors": [{"id": name, "code": status, "details": details}]}, status=status)


def key_of(request: web.Request) -> str:
    """The key of a call, from the query or one of two headers; blank when there is none."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    return request.query.get("api_key") or request.headers.get("X-API-KEY") or bearer


def plan_of(request: web.Request) -> str:
    """Name of the plan behind the key."""
    return "free" if "small" in key_of(request) else "paid"


def used(request: web.Request) -> dict[str, int]:
    """What the team of the key has used, by kind; the same dict for the whole life of the team."""
    teams: dict[str, dict[str, int]] = sandbox_of(request).memory.setdefault("hunter used", {})
    return teams.setdefault(key_of(request), dict.fromkeys(PLANS["paid"], 0))


def require(request: web.Request, kind: str) -> None:
    """Raise `Refused` with 429 when nothing is left of `searches` or `verifications`."""
    if used(request)[kind] >= PLANS[plan_of(request)][kind]:
        raise Refused(refusal(429, "too_many_requests", "You reached the limit of your plan"))


def charge(request: web.Request, kind: str, fact: str) -> None:
    """Sell one fact, again if it was sold before."""
    used(request)[kind] += 1
    request[EFFECT] = True
    sandbox_of(request).charges.charge("hunter", [fact])
