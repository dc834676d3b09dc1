"""Who may call HubSpot and how often; the shapes of its errors and times."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from leadspiders.sandbox.crm import Crm
from leadspiders.sandbox.limits import Usage, Verdict, Window
from leadspiders.sandbox.state import EFFECT, Refused, sandbox_of

Json = dict[str, Any]
_PROFESSIONAL = (Window("10 s", 190, 10, rolling=True), Window("day", 650_000, 86400))
_SMALL = (Window("10 s", 10, 10, rolling=True), Window("day", 50, 86400))
_SEARCH = (Window("second", 5, 1, rolling=True),)
_BATCH_MAX = 100


def limited(
    work: Callable[[web.Request], Awaitable[web.Response]], *, search: bool = False
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler that lets `work` run when token and limits allow; a search has its own limit and no rate headers."""

    async def handle(request: web.Request) -> web.Response:
        token = _token(request)
        sandbox = sandbox_of(request)
        windows = _SMALL if "small" in token else _PROFESSIONAL
        verdict = sandbox.limits.take("hubspot", token, windows, sandbox.clock())
        if search and verdict.full is None:
            verdict.full = sandbox.limits.take("hubspot search", token, _SEARCH, sandbox.clock()).full
        if verdict.full:
            response = throttled(verdict.full)
        else:
            try:
                response = await work(request)
            except Refused as refused:
                response = refused.response
        if not search:
            response.headers.update(_rate_headers(verdict))
        return response

    return handle


def throttled(full: Usage | None = None) -> web.Response:
    """The 429 of a full window: no Retry-After, the policy says which it was."""
    policy = {"day": "DAILY", "second": "SECONDLY"}.get(full.window.name if full else "", "TEN_SECONDLY_ROLLING")
    body = {
        "status": "error",
        "message": f"You have reached your {policy.lower()} limit.",
        "errorType": "RATE_LIMIT",
        "correlationId": str(uuid.uuid4()),
        "policyName": policy,
        "requestId": str(uuid.uuid4()),
    }
    return web.json_response(body, status=429)


def error(status: int, category: str, message: str, **more: Any) -> web.Response:
    """An error body as HubSpot writes it."""
    body = {"status": "error", "message": message, "correlationId": str(uuid.uuid4()), "category": category} | more
    return web.json_response(body, status=status)


def invalid(message: str, **more: Any) -> Refused:
    """The refusal of a whole call: 400, `VALIDATION_ERROR`."""
    return Refused(error(400, "VALIDATION_ERROR", message, **more))


def not_found(message: str = "Object not found.") -> Refused:
    """The refusal of an object that is not there."""
    return Refused(error(404, "OBJECT_NOT_FOUND", message))


async def body_of(request: web.Request) -> Json:
    """The JSON object of a call."""
    try:
        body = await request.json()
    except ValueError as bad:
        raise invalid("Invalid input JSON on line 1, column 1: unexpected end") from bad
    if not isinstance(body, dict):
        raise invalid("Invalid input JSON: expected an object")
    return body


async def inputs_of(request: web.Request, most: int = _BATCH_MAX) -> tuple[Json, list[Json]]:
    """The body of a batch and its inputs, 1 to `most`."""
    body = await body_of(request)
    inputs = body.get("inputs")
    if not isinstance(inputs, list) or not inputs or not all(isinstance(each, dict) for each in inputs):
        raise invalid("Required fields were missing or empty: inputs")
    if len(inputs) > most:
        raise invalid(f"The maximum number of inputs supported in a batch request is {most}, received {len(inputs)}")
    return body, inputs


def batch_reply(request: web.Request, results: list[Json], errors: list[Json], whole: int = 200) -> web.Response:
    """The answer to a batch: `whole` when all went well, 207 when some did not."""
    now = stamp(sandbox_of(request).clock())
    body: Json = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    if errors:
        body |= {"numErrors": len(errors), "errors": errors}
    return web.json_response(body, status=207 if errors else whole)


def crm_of(request: web.Request) -> Crm:
    """HubSpot's records, about to be read."""
    return sandbox_of(request).crm("hubspot")


def written(request: web.Request) -> None:
    """Note that the call has changed something."""
    request[EFFECT] = True


def stamp(seconds: float) -> str:
    """A time as HubSpot writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _token(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token or "invalid" in token:
        message = "Authentication credentials not found. This API supports OAuth 2.0 authentication."
        raise Refused(error(401, "INVALID_AUTHENTICATION", message))
    if "expired" in token:
        raise Refused(error(401, "EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired."))
    if "nomaster" in token:
        scopes = [{"message": "One or more of the following scopes are required.", "context": {"requiredScopes": []}}]
        raise Refused(error(403, "MISSING_SCOPES", "This app hasn't been granted all required scopes.", errors=scopes))
    return token


def _rate_headers(verdict: Verdict) -> dict[str, str]:
    short, day = verdict.usages
    return {
        "X-HubSpot-RateLimit-Daily": str(day.window.calls),
        "X-HubSpot-RateLimit-Daily-Remaining": str(day.left),
        "X-HubSpot-RateLimit-Interval-Milliseconds": str(short.window.seconds * 1000),
        "X-HubSpot-RateLimit-Max": str(short.window.calls),
        "X-HubSpot-RateLimit-Remaining": str(short.left),
    }
