"""NeverBounce: verdicts on addresses, one at a time or as a job; a repeat is charged again, and the tally shows it."""

from collections.abc import Callable

from aiohttp import web

from leadspiders.sandbox.apis import neverbounce_jobs as jobs
from leadspiders.sandbox.apis import neverbounce_records as records
from leadspiders.sandbox.apis.neverbounce_access import Json, admit, charge, credits_left, refusal, throttled
from leadspiders.sandbox.state import Refused, StandIn, sandbox_of

VERSIONS = ("v4", "v4.2")
_PARAMETERS = {
    "single/check": {"email", "address_info", "credits_info", "timeout", "request_meta_data"}
    | {"request_meta_data[leverage_historical_data]"},
    "jobs/create": {"input_location", "input", "filename", "auto_parse", "auto_start", "run_sample"}
    | {"allow_manual_review", "callback_url", "callback_headers", "request_meta_data"},
    "jobs/parse": {"job_id", "auto_start"},
    "jobs/start": {"job_id", "run_sample", "allow_manual_review"},
    "jobs/status": {"job_id"},
    "jobs/results": {"job_id", "page", "items_per_page"},
    "jobs/download": {"job_id"},
    "jobs/search": {"job_id", "filename", "job_status", "page", "items_per_page"},
    "jobs/delete": {"job_id"},
    "account/info": set[str](),
}


def _check(request: web.Request, asked: Json) -> Json:
    address = str(asked.get("email") or "").strip()
    if not address:
        raise Refused(refusal("general_failure", "Missing required parameter 'email'"))
    charge(request, asked, [address.lower()])
    verdict = records.verification(sandbox_of(request).world, address)
    if str(asked.get("address_info", 0)) in ("0", "False"):
        del verdict["address_info"]
    if str(asked.get("credits_info", 0)) not in ("0", "False"):
        verdict["credits_info"] = {
            "paid_credits_used": 1,
            "free_credits_used": 0,
            "paid_credits_remaining": credits_left(request, asked),
            "free_credits_remaining": 0,
        }
    return {"status": "success"} | verdict | {"execution_time": 411}


def _account(request: web.Request, asked: Json) -> Json:
    counts = jobs.running(request, str(asked["key"]))
    left = credits_left(request, asked)
    return {
        "status": "success",
        "billing_type": "default",
        "credits_info": {"paid_credits_remaining": left, "free_credits_remaining": 0},
        "job_counts": {
            "completed": counts["complete"],
            "under_review": 0,
            "queued": counts["queued"] + counts["waiting"],
            "processing": counts["running"],
        },
        "execution_time": 12,
    }


def _routes() -> list[web.RouteDef]:
    return [
        *_everywhere("single/check", _check, web.get, web.post),
        *_everywhere("jobs/create", jobs.create, web.post),
        *_everywhere("jobs/parse", jobs.parse, web.post),
        *_everywhere("jobs/start", jobs.start, web.post),
        *_everywhere("jobs/status", jobs.status, web.get),
        *_everywhere("jobs/results", jobs.results, web.get),
        *_everywhere("jobs/download", jobs.download, web.post),
        *_everywhere("jobs/search", jobs.search, web.get),
        *_everywhere("jobs/delete", jobs.delete, web.post),
        *_everywhere("account/info", _account, web.get),
    ]


def _everywhere(
    path: str,
    work: Callable[[web.Request, Json], Json | web.Response],
    *methods: Callable[..., web.RouteDef],
) -> list[web.RouteDef]:
    """The routes of an endpoint in both versions; parameters that NeverBounce does not know are counted."""

    async def handle(request: web.Request) -> web.Response:
        asked = await admit(request, path)
        for name in set(asked) - _PARAMETERS[path] - {"key"}:
            sandbox_of(request).tally.unknown_parameters["neverbounce"][name] += 1
        answer = work(request, asked)
        return answer if isinstance(answer, web.Response) else web.json_response(answer)

    return [method(f"/{version}/{path}", handle) for version in VERSIONS for method in methods]


STAND_IN = StandIn("neverbounce", _routes, throttled)
