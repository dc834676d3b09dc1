"""Apollo: free masked search, paid matches by one or by ten, companies, usage; fixed windows per endpoint.

A repeated match is charged again, as the fact sheet says to assume; the tally counts it.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis import (
    apollo_match,
    apollo_search,
)
from leadspiders.sandbox.apis import (
    apollo_parameters as parameters,
)
from leadspiders.sandbox.apis import (
    apollo_records as records,
)
from leadspiders.sandbox.apis.apollo_access import CREDITS, PLANS, admit, credential_of, credits_left, small, throttled
from leadspiders.sandbox.apis.apollo_parameters import Parameters, refusal
from leadspiders.sandbox.state import Refused, StandIn, sandbox_of

Json = dict[str, Any]
_ROOT = "/api/v1"
_CACHED_SEARCHES = 512  # a search split by state and seniority fits in


async def _search(request: web.Request) -> Json:
    asked = await parameters.read(request, parameters.PEOPLE)
    page, per_page = parameters.paging(asked)
    found = _remembered(request, "people", asked, apollo_search.find_people)
    rows = found[(page - 1) * per_page : page * per_page]
    return {"total_entries": len(found), "people": [records.masked(person) for person in rows]}


async def _old_search(_: web.Request) -> Json:
    message = (
        "api/v1/mixed_people/search is not accessible anymore: please use the new endpoint mixed_people/api_search"
    )
    raise Refused(refusal(403, message, "API_INACCESSIBLE"))


async def _companies(request: web.Request) -> Json:
    asked = await parameters.read(request, parameters.COMPANIES)
    page, per_page = parameters.paging(asked)
    found = _remembered(request, "companies", asked, apollo_search.find_companies)
    apollo_match.charge(request, [f"search page {page} of {_key('companies', asked)}"])
    rows = found[(page - 1) * per_page : page * per_page]
    # Every seventh is one that the team saved before: Apollo lists those apart.
    accounts = [records.listing(company) | {"organization_id": company.id} for company in rows if _saved(company.id)]
    for account in accounts:
        account["id"] = f"acc{account['id'][3:]}"
    return {
        "breadcrumbs": [],
        "partial_results_only": False,
        "has_join": False,
        "disable_eu_prospecting": False,
        "partial_results_limit": 10000,
        "pagination": {
            "page": page,
            "per_page": per_page,
            "total_entries": len(found),
            "total_pages": -(-len(found) // per_page),
        },
        "accounts": accounts,
        "organizations": [records.listing(company) for company in rows if not _saved(company.id)],
        "model_ids": [company.id for company in rows],
    }


async def _api_usage(request: web.Request) -> Json:
    sandbox = sandbox_of(request)
    credential = credential_of(request)
    shown = {}
    for path, windows in (PLANS["free"] if small(credential) else PLANS["paid"]).items():
        usages = sandbox.limits.look(f"apollo {path}", credential, windows, sandbox.clock())
        folder, _, name = f"api/v1/{path}".rpartition("/")
        shown[f'["{folder}", "{name}"]'] = {
            usage.window.name: {"limit": usage.window.calls, "consumed": usage.used, "left_over": usage.left}
            for usage in reversed(usages)
        }
    return shown


async def _credit_usage(request: web.Request) -> Json:
    credential = credential_of(request)
    limit = CREDITS["free" if small(credential) else "paid"]
    left = credits_left(request, credential)
    return {
        "credit_usage_stats": {"lead_credit": {"limit": limit, "consumed": limit - left, "left_over": left}},
        "current_credit_cycle": {
            "start_date": "2026-11-01T00:00:00.000+00:00",
            "end_date": "2026-12-01T00:00:00.000+00:00",
        },
    }


def _saved(company_id: str) -> bool:
    return int(company_id, 16) % 7 == 0


def _key(kind: str, asked: Parameters) -> str:
    filters = {name: value for name, value in asked.items() if name not in ("page", "per_page")}
    return f"{kind} {sorted(filters.items())}"


def _remembered(request: web.Request, kind: str, asked: Parameters, find: Callable[..., list[Any]]) -> list[Any]:
    """The result of a search, found once for all of its pages."""
    sandbox = sandbox_of(request)
    cache: dict[str, list[Any]] = sandbox.memory.setdefault("apollo searches", {})
    key = _key(kind, asked)
    if key not in cache:
        if len(cache) >= _CACHED_SEARCHES:
            del cache[next(iter(cache))]
        cache[key] = find(sandbox.world, asked)
    return cache[key]


def _limited(
    path: str, work: Callable[[web.Request], Awaitable[Json]]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler that lets `work` run when credential and limits allow, and puts the rate headers on every answer."""

    async def handle(request: web.Request) -> web.Response:
        headers = admit(request, path)
        try:
            response = web.json_response(await work(request))
        except Refused as refused:
            response = refused.response
        response.headers.update(headers)
        return response

    return handle


def _routes() -> list[web.RouteDef]:
    return [
        web.post(f"{_ROOT}/mixed_people/api_search", _limited("mixed_people/api_search", _search)),
        web.post(f"{_ROOT}/mixed_people/search", _limited("mixed_people/search", _old_search)),
        web.post(f"{_ROOT}/people/match", _limited("people/match", apollo_match.match)),
        web.post(f"{_ROOT}/people/bulk_match", _limited("people/bulk_match", apollo_match.bulk_match)),
        web.get(f"{_ROOT}/organizations/enrich", _limited("organizations/enrich", apollo_match.enrich)),
        web.post(f"{_ROOT}/organizations/bulk_enrich", _limited("organizations/bulk_enrich", apollo_match.bulk_enrich)),
        web.post(f"{_ROOT}/mixed_companies/search", _limited("mixed_companies/search", _companies)),
        web.post(f"{_ROOT}/usage_stats/api_usage_stats", _limited("usage_stats/api_usage_stats", _api_usage)),
        web.post(f"{_ROOT}/usage_stats/credit_usage_stats", _limited("usage_stats/credit_usage_stats", _credit_usage)),
    ]


STAND_IN = StandIn("apollo", _routes, throttled)
