"""Any small API about people: what the file `fixtures/providers/people.toml` describes. Nothing found is free.

`GET /v1/people` says "unknown" with an empty answer, `POST /v1/lookup` with a 404. Every other path is a 400: a file
that describes another API must not take the sandbox's silence for an answer.
"""

from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis.accounts import Accounts, bearer, refused
from leadspiders.sandbox.limits import Window
from leadspiders.sandbox.state import Refused, StandIn, sandbox_of
from leadspiders.sandbox.world import directory, mailboxes
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.truth import World

Json = dict[str, Any]
WINDOW = Window("second", 50, 1)
ACCOUNTS = Accounts("http", small=5)
_STATES = {"valid": "deliverable", "catch-all": "accepts all", "invalid": "undeliverable"}


async def _search(request: web.Request) -> web.Response:
    key = _admit(request)
    found = _sold(request, key, dict(request.query))
    return web.json_response({"query": dict(request.query), "person": found})


async def _lookup(request: web.Request) -> web.Response:
    key = _admit(request)
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(_refusal(400, "send a JSON object"))
    found = _sold(request, key, {name: str(value) for name, value in body.items()})
    if found is None:
        raise Refused(_refusal(404, "nobody was found"))
    return web.json_response(found)


async def _other(_: web.Request) -> web.Response:
    raise Refused(_refusal(400, "the sandbox knows GET /v1/people and POST /v1/lookup only"))


def _sold(request: web.Request, key: str, asked: dict[str, str]) -> Json | None:
    world = sandbox_of(request).world
    person = _person(world, asked)
    if ACCOUNTS.left(request, key) < 1:
        raise Refused(_refusal(402, "out of credits"))
    if person is None or not mailboxes.knows("http", person):
        return None
    ACCOUNTS.sell(request, key, [f"person:{person.identity}"])
    return _shown(world, person)


def _person(world: World, asked: dict[str, str]) -> Person | None:
    company = directory.company(world, domain=asked.get("domain", ""), name=asked.get("company", ""))
    return (
        directory.by_address(world, asked.get("email", ""))
        or directory.by_profile(world, asked.get("profile", ""))
        or directory.by_name(world, asked.get("name", ""), company)
    )


def _shown(world: World, person: Person) -> Json:
    return {
        "id": person.identity,
        "contact": {
            "emails": [
                {
                    "address": person.mailbox,
                    "state": _STATES.get(mailboxes.truth(world, person.mailbox), "not checked"),
                }
            ],
            "mobile": person.phone,
        },
        "position": person.title,
        "employer": {"name": person.company.name, "staff": str(person.company.employees)},
        "score": 0.9,
    }


def _admit(request: web.Request) -> str:
    """The key of a call that may pass; raises `Refused` with 401 or 429."""
    key = bearer(request)
    if refused(key):
        raise Refused(_refusal(401, "this key is not valid"))
    sandbox = sandbox_of(request)
    if sandbox.limits.take("http", key, [WINDOW], sandbox.clock()).full:
        raise Refused(_throttled())
    return key


def _refusal(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)


def _throttled() -> web.Response:
    return _refusal(429, "too many requests")


def _routes() -> list[web.RouteDef]:
    return [
        web.get("/v1/people", _search),
        web.post("/v1/lookup", _lookup),
        web.route("*", "/{path:.*}", _other),
    ]


STAND_IN = StandIn("http", _routes, _throttled)
