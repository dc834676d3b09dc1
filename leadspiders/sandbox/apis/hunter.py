"""Hunter: addresses of a company, of a person, and verdicts on addresses; the verifier at times takes its time.

Nothing found costs nothing; a repeat is charged again, so that the tally shows it. A tenth of the verifications answers
202 twice before it is done and is counted once; two in a hundred meet a mail server that answers oddly at first (222).
"""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis import hunter_records as records
from leadspiders.sandbox.apis.hunter_access import (
    PLANS,
    admit,
    charge,
    key_of,
    plan_of,
    refusal,
    require,
    throttled,
    used,
)
from leadspiders.sandbox.state import Refused, StandIn, sandbox_of
from leadspiders.sandbox.world import mailboxes
from leadspiders.sandbox.world.companies import Company

Json = dict[str, Any]
SLOW, POLLS = 0.1, 2
ODD = 0.02
_FILTERS = {"type": "type", "seniority": "seniority", "department": "department"}
_REQUIRED = {"full_name": "last_name", "position": "position", "phone_number": "phone_number"}
_COMPANY = {"domain", "company"}
_PARAMETERS = {
    "domain-search": {*_COMPANY, "limit", "offset", "required_field", "verification_status", *_FILTERS},
    "email-finder": {*_COMPANY, "linkedin_handle", "first_name", "last_name", "full_name", "max_duration"},
    "email-verifier": {"email"},
    "email-count": {*_COMPANY, "type"},
    "account": set[str](),
}


def _domain_search(request: web.Request) -> web.Response:
    limit, offset = _number(request, "limit", 10, 1, 100), _number(request, "offset", 0, 0, 100_000)
    if plan_of(request) == "free" and limit > 10:
        raise Refused(refusal(400, "pagination_error", "The limit of your plan is 10 results"))
    company = _company(request)
    require(request, "searches")
    everything = records.on_file(sandbox_of(request).world, company) if company else []
    entries = [entry for entry in everything if _wanted(request, entry)]
    page = entries[offset : offset + limit]
    if company and page:
        charge(request, "searches", f"domain:{company.domain}/{offset}")
    data = records.employer(company, request.query.get("domain")) | {
        "pattern": records.pattern(everything),
        "emails": page,
    }
    return _json(data, {"results": len(entries), "limit": limit, "offset": offset, "params": _asked(request)})


def _finder(request: web.Request) -> web.Response:
    _number(request, "max_duration", 10, 3, 20)
    first, last = _name(request)
    handle = request.query.get("linkedin_handle", "").lower()
    world = sandbox_of(request).world
    company = None if handle else _company(request)
    if not handle and not (first and last):
        raise Refused(refusal(400, "wrong_params", "You are missing the first_name and last_name, or the full_name"))
    require(request, "searches")
    person = world.by_slug.get(handle) if handle else records.named(world, company, first, last)
    if records.claimed(person):
        raise Refused(_claimed())
    if person and mailboxes.knows(records.API, person):
        data = records.found(world, person)
    elif company is None:
        raise Refused(refusal(404, "not_found", "We could not find this person or company"))
    else:
        data = records.guessed(company, first, last)
    if data["email"]:
        charge(request, "searches", f"find:{data['email']}")
    return _json(data, {"params": _asked(request)})


def _verifier(request: web.Request) -> web.Response:
    address = request.query.get("email", "").strip()
    if not address:
        raise Refused(refusal(400, "wrong_params", "You are missing the email parameter"))
    if "@" not in address:
        raise Refused(refusal(422, "invalid_email", "The email is not one"))
    require(request, "verifications")
    sandbox = sandbox_of(request)
    if records.claimed(sandbox.world.by_mailbox.get(address.lower())):
        raise Refused(_claimed())
    looks: dict[tuple[str, str], int] = sandbox.memory.setdefault("hunter looks", {})
    key = (key_of(request), address.lower())
    looks[key] = looks.get(key, 0) + 1
    if looks[key] <= POLLS and mailboxes.chance("hunter slow", key[1]) < SLOW:
        return _json({}, {"params": _asked(request)}, 202)
    if looks[key] == 1 and mailboxes.chance("hunter odd", key[1]) < ODD:
        return _json({}, {"params": _asked(request)}, 222)
    charge(request, "verifications", f"verify:{key[1]}")
    return _json(records.verification(sandbox.world, address), {"params": _asked(request)})


def _count(request: web.Request) -> web.Response:
    company = _company(request)
    entries = records.on_file(sandbox_of(request).world, company) if company else []
    personal = sum(entry["type"] == "personal" for entry in entries)
    data = {"total": len(entries), "personal_emails": personal, "generic_emails": len(entries) - personal}
    return _json(data, {"params": _asked(request)})


def _account(request: web.Request) -> web.Response:
    plan, taken = PLANS[plan_of(request)], used(request)
    requests = {kind: {"used": taken[kind], "available": plan[kind]} for kind in plan}
    data = {
        "first_name": "Sam",
        "last_name": "Sandbox",
        "email": "sam@sandbox.example.com",
        "plan_name": plan_of(request).title(),
        "plan_level": 1,
        "reset_date": "2026-12-01",
        "team_id": 1,
        "requests": requests,
    }
    return web.json_response({"data": data})


def _claimed() -> web.Response:
    details = "The person behind this email address asked us to stop processing it"
    return refusal(451, "claimed_email", details)


def _json(data: Json, meta: Json, status: int = 200) -> web.Response:
    return web.json_response({"data": data, "meta": meta}, status=status)


def _asked(request: web.Request) -> Json:
    return {name: value for name, value in request.query.items() if name != "api_key"}


def _number(request: web.Request, name: str, default: int, least: int, most: int) -> int:
    text = request.query.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise Refused(refusal(400, f"invalid_{name}", f"{name} is a number from {least} to {most}"))
    return int(text)


def _company(request: web.Request) -> Company | None:
    """The company that was asked about, None for one that nobody knows; raises `Refused` when none was named."""
    world = sandbox_of(request).world
    domain = request.query.get("domain", "").lower().removeprefix("https://").removeprefix("www.").strip("/")
    name = request.query.get("company", "").lower()
    if not domain and not name:
        raise Refused(refusal(400, "wrong_params", "You are missing the domain or the company"))
    return world.companies_by_domain.get(domain) or world.companies_by_name.get(name)


def _name(request: web.Request) -> tuple[str, str]:
    first, _, last = request.query.get("full_name", "").strip().partition(" ")
    return request.query.get("first_name", first).strip(), request.query.get("last_name", last).strip()


def _wanted(request: web.Request, entry: Json) -> bool:
    """Whether an entry passes the filters; several values of one are joined by commas."""
    asked = request.query
    return (
        all(entry[field] in asked[name].split(",") for name, field in _FILTERS.items() if name in asked)
        and all(entry[_REQUIRED.get(name, name)] for name in asked.get("required_field", "").split(",") if name)
        and ("verification_status" not in asked or _status(entry) in asked["verification_status"].split(","))
    )


def _status(entry: Json) -> str:
    return entry["verification"]["status"] or ""


def _handler(path: str, work: Callable[[web.Request], web.Response]) -> web.RouteDef:
    """A route that lets `work` run when key and limits allow; parameters that Hunter does not know are counted."""

    async def handle(request: web.Request) -> web.Response:
        admit(request, path)
        for name in set(request.query) - _PARAMETERS[path] - {"api_key"}:
            sandbox_of(request).tally.unknown_parameters["hunter"][name] += 1
        return work(request)

    return web.get(f"/v2/{path}", handle)


def _routes() -> list[web.RouteDef]:
    return [
        _handler("domain-search", _domain_search),
        _handler("email-finder", _finder),
        _handler("email-verifier", _verifier),
        _handler("email-count", _count),
        _handler("account", _account),
    ]


STAND_IN = StandIn("hunter", _routes, throttled)
