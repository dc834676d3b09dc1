"""A counting server for the pace benchmark: so many calls in each window of the clock, 429 for the rest.

Usage: pace_server.py PORT. `GET /CALLS/SECONDS` is a call; `GET /tally` gives the counts, and starts anew.
"""

import sys
import time
from collections import Counter

from aiohttp import web

used: Counter[int] = Counter()
refused: Counter[int] = Counter()


async def call(request: web.Request) -> web.Response:
    """One call against the limit in its path."""
    calls, seconds = int(request.match_info["calls"]), int(request.match_info["seconds"])
    window = int(time.time() // seconds)
    full = used[window] >= calls
    (refused if full else used)[window] += 1
    return web.Response(status=429 if full else 200)


async def tally(_: web.Request) -> web.Response:
    """What was served in each window since the last time, in order, and what was refused in all."""
    counts = {"served": [used[window] for window in sorted(used)], "refused": refused.total()}
    refused.clear()
    used.clear()
    return web.json_response(counts)


if __name__ == "__main__":
    app = web.Application()
    app.add_routes([web.get("/tally", tally), web.get("/{calls}/{seconds}", call)])
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
