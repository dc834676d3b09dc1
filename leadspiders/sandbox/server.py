"""The one web application: every stand-in below its prefix, each call counted and sent through the weather."""

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from leadspiders.sandbox import control
from leadspiders.sandbox.addresses import ADDRESSES, REHEARSAL
from leadspiders.sandbox.faults import through_weather
from leadspiders.sandbox.rehearsal import rehearsal
from leadspiders.sandbox.stand_ins import STAND_INS
from leadspiders.sandbox.state import SANDBOX, Refused, Sandbox, StandIn

MAX_BODY = 32 * 2**20  # HubSpot takes 2,000 associations in one body


def application(sandbox: Sandbox, *, rehearsed: bool = True) -> web.Application:
    """The application that serves `sandbox`, and below it a rehearsal of the same world."""
    app = web.Application(client_max_size=MAX_BODY)
    app[SANDBOX] = sandbox
    app.add_routes(control.routes())
    for name, stand_in in STAND_INS.items():
        part = web.Application(middlewares=[_counted(stand_in, ADDRESSES[name])], client_max_size=MAX_BODY)
        part.add_routes(stand_in.routes())
        app.add_subapp(ADDRESSES[name], part)
    if rehearsed:
        app.add_subapp(REHEARSAL, application(rehearsal(sandbox), rehearsed=False))
    return app


def _counted(stand_in: StandIn, prefix: str) -> Middleware:
    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        sandbox = request.config_dict[SANDBOX]
        resource = request.match_info.route.resource
        path = resource.canonical.removeprefix(prefix) if resource else "(unknown path)"
        sandbox.tally.calls[stand_in.name][f"{request.method} {path}"] += 1

        async def answer() -> web.StreamResponse:
            try:
                return await handler(request)
            except Refused as refused:
                return refused.response
            except web.HTTPException as error:  # an unknown path or method
                return web.Response(status=error.status, text=error.text, headers=error.headers)

        response = await through_weather(sandbox, stand_in, request, answer)
        sandbox.tally.statuses[stand_in.name][str(response.status)] += 1
        return response

    return count
