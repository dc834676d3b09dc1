"""Who may call Apollo, how often, and on how many credits: keys, plans, rate headers."""

from aiohttp import web

from leadspiders.sandbox.apis.apollo_parameters import refusal
from leadspiders.sandbox.limits import Usage, Window
from leadspiders.sandbox.state import Refused, sandbox_of

_SEARCH = (200, 6_000, 50_000)
_ENRICHMENT = (1_000, 60_000, 600_000)  # only the minute is documented
_BULK = (500, 30_000, 300_000)  # "a lower share": half of it
_FREE = (50, 200, 600)
_PAID = {
    "mixed_people/api_search": _SEARCH,
    "mixed_people/search": _SEARCH,
    "mixed_companies/search": _SEARCH,
    "people/match": _ENRICHMENT,
    "people/bulk_match": _BULK,
    "organizations/enrich": _ENRICHMENT,
    "organizations/bulk_enrich": _BULK,
    "usage_stats/api_usage_stats": _SEARCH,
    "usage_stats/credit_usage_stats": _SEARCH,
}


def _windows(calls: tuple[int, int, int]) -> tuple[Window, Window, Window]:
    minute, hour, day = calls
    return Window("minute", minute, 60), Window("hour", hour, 3600), Window("day", day, 86400)


PLANS = {
    "paid": {path: _windows(calls) for path, calls in _PAID.items()},
    "free": {path: _windows(_FREE) for path in _PAID},
}
CREDITS = {"paid": 10_000_000, "free": 50}
_MASTER_ONLY = {"mixed_people/api_search", "usage_stats/api_usage_stats", "usage_stats/credit_usage_stats"}
# Window name -> the parts of its headers: limit, usage, requests left.
_HEADERS = {
    "minute": ("x-rate-limit-minute", "x-minute-usage", "x-minute-requests-left"),
    "hour": ("x-rate-limit-hourly", "x-hourly-usage", "x-hourly-requests-left"),
    "day": ("x-rate-limit-24-hour", "x-24-hour-usage", "x-24-hour-requests-left"),
}


def admit(request: web.Request, path: str) -> dict[str, str]:
    """Let a call of `path` in and return its rate headers; raises `Refused` with 401, 403 or 429."""
    sandbox = sandbox_of(request)
    credential = credential_of(request)
    if not credential or "invalid" in credential or "expired" in credential:
        paid = path.startswith(("people/", "organizations/"))
        text = "Invalid API key. Please check it and try again." if paid else "Invalid access credentials."
        raise Refused(web.Response(status=401, text=text))
    windows = PLANS["free" if small(credential) else "paid"][path]
    verdict = sandbox.limits.take(f"apollo {path}", credential, windows, sandbox.clock())
    headers = _rate_headers(verdict.usages)
    response = None
    if verdict.full:
        response = throttled(verdict.full.window.name, verdict.full.window.calls, verdict.full.resets_in)
    elif "nomaster" in credential and path in _MASTER_ONLY:
        response = refusal(403, f"api/v1/{path} is not accessible with this api_key", "API_INACCESSIBLE")
    if response is not None:
        response.headers.update(headers)
        raise Refused(response)
    return headers


def throttled(window: str = "minute", calls: int = 200, wait: float = 1.0) -> web.Response:
    """The 429 of a full window."""
    text = f"The maximum number of api calls allowed for this endpoint is {calls} times per {window}."
    return web.json_response({"message": text}, status=429, headers={"retry-after": str(max(1, int(wait + 0.999)))})


def credential_of(request: web.Request) -> str:
    """The key of a call, from either header; blank when there is none."""
    return request.headers.get("x-api-key") or request.headers.get("Authorization", "").removeprefix("Bearer ").strip()


def small(credential: str) -> bool:
    """Whether the key is one of the free plan."""
    return "small" in credential


def credits_left(request: web.Request, credential: str) -> int:
    """Credits that the team of a key has left."""
    spent: dict[str, int] = sandbox_of(request).memory.setdefault("apollo credits", {})
    return CREDITS["free" if small(credential) else "paid"] - spent.get(credential, 0)


def spend(request: web.Request, credits_taken: int) -> None:
    """Take credits from the team of the call; raises `Refused` with 422 when there are too few."""
    credential = credential_of(request)
    if credits_taken > credits_left(request, credential):
        raise Refused(refusal(422, "You have insufficient credits to perform this action. Please upgrade your plan."))
    spent = sandbox_of(request).memory["apollo credits"]
    spent[credential] = spent.get(credential, 0) + credits_taken


def _rate_headers(usages: list[Usage]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for usage in usages:
        if usage.window.name not in _HEADERS:
            continue  # a window that was ordered for a test
        limit, used, left = _HEADERS[usage.window.name]
        headers |= {limit: str(usage.window.calls), used: str(usage.used), left: str(usage.left)}
    return headers
