"""Dropcontact: records are handed in, worked on for a while, and fetched; a wrong id looks like one that is not ready.

Credits are taken when a batch is handed in, for the addresses that it will bring; a repeat is charged again.
"""

import hashlib
from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis import dropcontact_records as records
from leadspiders.sandbox.apis.accounts import Accounts, refused
from leadspiders.sandbox.limits import Window
from leadspiders.sandbox.state import Refused, StandIn, sandbox_of

Json = dict[str, Any]
MOST_RECORDS = 250
MOST_BYTES = 15_000
READY_AT_LOOK = 2
NOT_READY = "Request not ready yet, try again in 30 seconds"
WINDOW = Window("second", 60, 1)
ACCOUNTS = Accounts("dropcontact", small=5)


async def _submit(request: web.Request) -> web.Response:
    key = _admit(request)
    try:
        body = await request.json()
    except ValueError:
        body = None
    given = body.get("data") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(given, list) or not given:
        raise Refused(_refusal(400, "Missing data: send a list of records under data"))
    for record in given[: MOST_RECORDS + 1]:
        if problem := records.problem(record, MOST_BYTES):
            raise Refused(_refusal(400, problem))
    if len(given) > MOST_RECORDS:
        raise Refused(_refusal(400, f"Too many records: {MOST_RECORDS} at most"))
    left = ACCOUNTS.left(request, key)
    if left < len(given):
        raise Refused(_refusal(403, "Not enough credits"))
    world = sandbox_of(request).world
    done = [records.completed(world, record, english=body.get("language") == "en") for record in given]
    ACCOUNTS.sell(request, key, [fact for record in given if (fact := records.fact(world, record))])
    waiting = _waiting(request)
    request_id = hashlib.md5(f"{key}/{len(waiting)}".encode(), usedforsecurity=False).hexdigest()[:20]
    waiting[key, request_id] = {"looks": 0, "data": done}
    return web.json_response({"request_id": request_id, "success": True, "error": False, "credits_left": left})


async def _fetch(request: web.Request) -> web.Response:
    key = _admit(request)
    found = _waiting(request).get((key, request.match_info["request_id"]))
    not_yet = {"success": False, "error": False, "reason": NOT_READY}
    if found is None:
        return web.json_response(not_yet)
    found["looks"] += 1
    data = found["data"]
    if found["looks"] < READY_AT_LOOK:
        if request.query.get("forceResults") != "true":
            return web.json_response(not_yet)
        data = data[: -(-len(data) // 2)]  # the first half is done
    answer = {"success": True, "error": False, "credits_left": ACCOUNTS.left(request, key), "data": data}
    return web.json_response(answer)


async def _credits(request: web.Request) -> web.Response:
    key = _admit(request)
    return web.json_response({"success": True, "error": False, "credits_left": ACCOUNTS.left(request, key)})


def _admit(request: web.Request) -> str:
    """The key of a call that may pass; raises `Refused` with 401 or 429."""
    key = request.headers.get("X-Access-Token", "")
    if refused(key):
        raise Refused(_refusal(401, "The access token is not valid"))
    sandbox = sandbox_of(request)
    if sandbox.limits.take("dropcontact", key, [WINDOW], sandbox.clock()).full:
        raise Refused(_throttled())
    return key


def _waiting(request: web.Request) -> dict[tuple[str, str], Json]:
    waiting: dict[tuple[str, str], Json] = sandbox_of(request).memory.setdefault("dropcontact requests", {})
    return waiting


def _refusal(status: int, reason: str) -> web.Response:
    return web.json_response({"success": False, "error": True, "reason": reason}, status=status)


def _throttled() -> web.Response:
    return _refusal(429, "Too many requests: 60 a second at most")


def _routes() -> list[web.RouteDef]:
    return [
        web.post("/v1/enrich/all", _submit),
        web.get("/v1/enrich/all/{request_id}", _fetch),
        web.get("/v1/account/credits", _credits),
    ]


STAND_IN = StandIn("dropcontact", _routes, _throttled)
