"""Who may call SAM.gov, how often a day, and the bodies of its refusals."""

import uuid
from datetime import UTC, datetime, timedelta

from aiohttp import web

from leadspiders.sandbox.limits import Window
from leadspiders.sandbox.state import Refused, sandbox_of

_KEY_ERRORS = {
    "": ("API_KEY_MISSING", "No api_key was supplied. Please submit with a valid API key."),
    "invalid": ("API_KEY_INVALID", "An invalid API key was supplied. Please submit with a valid API key."),
    "expired": ("API_KEY_DISABLED", "The API key supplied has been disabled or has expired."),
    "nomaster": ("API_KEY_UNAUTHORIZED", "The API key supplied is not authorized to access the given service."),
}
_PER_DAY = {"small": 10, "federal": 10_000}


def admit(request: web.Request) -> str:
    """Let a call in and return its key, from the query or `X-Api-Key`; raises `Refused` with 403 or 429."""
    key = request.query.get("api_key") or request.headers.get("X-Api-Key") or ""
    for word, (code, message) in _KEY_ERRORS.items():
        if (word in key) if word else not key:
            raise Refused(web.json_response({"error": {"code": code, "message": message}}, status=403))
    calls = next((calls for word, calls in _PER_DAY.items() if word in key), 1_000)
    now = sandbox_of(request).clock()
    if sandbox_of(request).limits.take("sam_gov", key, (Window("day", calls, 86400),), now).full:
        raise Refused(_over_quota(now))
    return key


def throttled() -> web.Response:
    """The 429 that weather brings: the gateway's own body, without a time."""
    message = "You have exceeded your rate limit. Try again later."
    return web.json_response({"error": {"code": "OVER_RATE_LIMIT", "message": message}}, status=429)


def refusal(status: int, message: str, detail: str, code: str, *, spelling: str = "detail") -> Refused:
    """An error body of v3; some of them spell `detail` as `details`."""
    body = {
        "Status": str(status),
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "message": message,
        spelling: detail,
        "errorCode": code,
        "transaction_id": str(uuid.uuid4()),
    }
    return Refused(web.json_response(body, status=status))


def _over_quota(now: float) -> web.Response:
    midnight = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    body = {
        "code": "900804",
        "message": "Message throttled out",
        "description": "You have exceeded your quota. You can access API after " + _written(midnight),
        "nextAccessTime": _written(midnight),
    }
    return web.json_response(body, status=429)


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%b-%d %H:%M:%S+0000 UTC")
