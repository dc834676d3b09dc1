"""A page server for the frontier benchmark: answers every page with a few bytes, at once."""

import sys

from aiohttp import web


async def page(_: web.Request) -> web.Response:
    """The same for all."""
    return web.Response(text="ok")


if __name__ == "__main__":
    app = web.Application()
    app.router.add_get("/{number}", page)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
