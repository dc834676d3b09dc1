"""A page server for the pipeline benchmark: `/NUMBER` is a page of 100 people whom no other page has.

Usage: pipeline_pages.py PORT PAGES
"""

import sys

import msgspec
from aiohttp import web
from store_leads import PAGE, flat, leads

_PEOPLE = leads(PAGE * int(sys.argv[2]), "")
PAGES = [
    msgspec.json.encode([flat(person) for person in _PEOPLE[first : first + PAGE]])
    for first in range(0, len(_PEOPLE), PAGE)
]


async def page(request: web.Request) -> web.Response:
    """The page."""
    return web.Response(body=PAGES[int(request.match_info["number"])], content_type="application/json")


if __name__ == "__main__":
    app = web.Application()
    app.router.add_get("/{number}", page)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
