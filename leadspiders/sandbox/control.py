"""The sandbox's own pages: what is true, what was asked, what the weather is, and back to the start."""

from typing import Any

from aiohttp import web

from leadspiders.sandbox.state import Sandbox, sandbox_of
from leadspiders.sandbox.twins import twins
from leadspiders.sandbox.weather import ForecastError
from leadspiders.sandbox.world.census import QuestionError, census


def routes() -> list[web.RouteDef]:
    """What lives below `/_sandbox`."""
    return [
        web.get("/_sandbox/world", _world),
        web.get("/_sandbox/tally", _tally),
        web.get("/_sandbox/weather", _weather),
        web.post("/_sandbox/weather", _order_weather),
        web.post("/_sandbox/limits", _order_limits),
        web.post("/_sandbox/reset", _reset),
    ]


def tally(sandbox: Sandbox) -> dict[str, Any]:
    """Everything that was counted: calls, 429s, credits, facts charged twice, records and twins in each CRM, and the
    highest count of calls in any window beside what it allows.
    """
    charges = sandbox.charges
    return sandbox.tally.report() | {
        "credits": dict(charges.credits),
        "charged_twice": {api: charges.charged_twice(api) for api in charges.facts},
        "crm": {
            name: {kind: len(records) for kind, records in crm.records.items()}
            | {"links": sum(map(len, crm.links.values())) // 2, "twins": twins(crm, sandbox.world)}
            for name, crm in sandbox.crms.items()
        },
        "highest": {
            name: {"allowed": peak.allowed, "highest": peak.highest}
            for name, peak in sorted(sandbox.limits.peaks.items())
        },
    }


async def _world(request: web.Request) -> web.Response:
    questions: dict[str, list[str]] = {}
    for name, value in request.query.items():
        questions.setdefault(name, []).append(value)
    try:
        return web.json_response(census(sandbox_of(request).world, questions))
    except QuestionError as error:
        return web.json_response({"error": str(error)}, status=400)


async def _tally(request: web.Request) -> web.Response:
    return web.json_response(tally(sandbox_of(request)))


async def _weather(request: web.Request) -> web.Response:
    forecast = sandbox_of(request).forecast
    return web.json_response({api: _shown(forecast.of(api)) for api in forecast.apis})


def _shown(weather: Any) -> dict[str, float]:
    return {name: getattr(weather, name) for name in weather.__slots__}


async def _order_weather(request: web.Request) -> web.Response:
    try:
        wanted = await request.json()
        if not isinstance(wanted, dict):
            raise ForecastError('send an object by API, such as {"apollo": {"rate_429": 0.1}}')
        sandbox_of(request).forecast.order(wanted)
    except ValueError as error:  # ForecastError is one
        return web.json_response({"error": str(error)}, status=400)
    return await _weather(request)


async def _order_limits(request: web.Request) -> web.Response:
    sandbox = sandbox_of(request)
    try:
        sandbox.limits.order(await request.json(), list(sandbox.forecast.apis))
    except ValueError as error:  # LimitError is one
        return web.json_response({"error": str(error)}, status=400)
    return web.json_response(sandbox.limits.ordered)


async def _reset(request: web.Request) -> web.Response:
    sandbox = sandbox_of(request)
    sandbox.tally.clear()
    sandbox.limits.clear()
    sandbox.charges.clear()
    sandbox.memory.clear()
    for crm in sandbox.crms.values():
        crm.clear()
    return web.json_response({"status": "reset"})
