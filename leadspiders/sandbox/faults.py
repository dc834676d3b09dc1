"""Bad weather on the wire: how each fault reaches the client."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from leadspiders.sandbox.state import EFFECT, Sandbox, StandIn

Answer = Callable[[], Awaitable[web.StreamResponse]]
_GATEWAY_PAGE = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n</body>\r\n</html>\r\n"
)
_GATEWAY_ERRORS = {500: "500 Internal Server Error", 502: "502 Bad Gateway", 503: "503 Service Temporarily Unavailable"}


async def through_weather(sandbox: Sandbox, api: StandIn, request: web.Request, answer: Answer) -> web.StreamResponse:
    """Answer a call as the weather of its API allows; the handler behind `answer` runs at most once."""
    weather = sandbox.forecast.of(api.name)
    fault = sandbox.forecast.strikes(api.name)
    if weather.slow_seconds:
        await asyncio.sleep(weather.slow_seconds)
    if fault is None:
        return await answer()
    if fault in ("rate_429", "rate_5xx", "timeout"):
        sandbox.tally.weather[api.name][fault] += 1
        return await _instead(sandbox, api, request, fault)
    return await _after(sandbox, api, request, fault, await answer())


async def _instead(sandbox: Sandbox, api: StandIn, request: web.Request, fault: str) -> web.StreamResponse:
    """A fault that strikes before any work is done."""
    if fault == "rate_429":
        return api.throttled()
    if fault == "rate_5xx":
        return _gateway_error(sandbox.forecast.dice.choice(list(_GATEWAY_ERRORS)))
    await asyncio.sleep(sandbox.forecast.of(api.name).timeout_seconds)
    return _hang_up(request)


async def _after(
    sandbox: Sandbox, api: StandIn, request: web.Request, fault: str, response: web.StreamResponse
) -> web.StreamResponse:
    """A fault that strikes the answer when the work is done."""
    body = response.body if isinstance(response, web.Response) else None
    wanted = EFFECT in request if fault == "charge_then_fail" else isinstance(body, bytes) and len(body) > 1
    if not wanted:
        return response
    sandbox.tally.weather[api.name][fault] += 1
    if fault == "charge_then_fail":
        return _gateway_error(500) if sandbox.forecast.dice.random() < 0.5 else _hang_up(request)
    assert isinstance(response, web.Response)
    assert isinstance(body, bytes)
    if fault == "cut":
        return await _cut(request, response, body)
    response.body = body[: len(body) // 2]
    return response


def _gateway_error(status: int) -> web.Response:
    return web.Response(status=status, text=_GATEWAY_PAGE.format(_GATEWAY_ERRORS[status]), content_type="text/html")


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _cut(request: web.Request, response: web.Response, body: bytes) -> web.StreamResponse:
    half = web.StreamResponse(status=response.status, headers=response.headers)
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half
