"""Apollo's parameters: the same names in the query with `[]` or in a JSON body without, and what they may hold."""

from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from leadspiders.sandbox.state import Refused, sandbox_of

Parameters = Mapping[str, Any]
_PEOPLE = (
    "person_titles include_similar_titles q_keywords person_locations person_seniorities organization_locations "
    "q_organization_domains_list contact_email_status organization_ids organization_num_employees_ranges "
    "revenue_range[min] revenue_range[max] currently_using_all_of_technology_uids "
    "currently_using_any_of_technology_uids currently_not_using_any_of_technology_uids q_organization_job_titles "
    "organization_job_locations organization_num_jobs_range[min] organization_num_jobs_range[max] "
    "organization_job_posted_at_range[min] organization_job_posted_at_range[max] page per_page"
)
_COMPANIES = (
    "q_organization_domains_list organization_num_employees_ranges organization_locations organization_not_locations "
    "revenue_range[min] revenue_range[max] currently_using_any_of_technology_uids q_organization_keyword_tags "
    "q_organization_name organization_ids latest_funding_amount_range[min] latest_funding_amount_range[max] "
    "total_funding_range[min] total_funding_range[max] latest_funding_date_range[min] latest_funding_date_range[max] "
    "q_organization_job_titles organization_job_locations organization_num_jobs_range[min] "
    "organization_num_jobs_range[max] organization_job_posted_at_range[min] organization_job_posted_at_range[max] "
    "page per_page"
)
_MATCH = (
    "id first_name last_name name email hashed_email organization_name domain linkedin_url details domains "
    "reveal_personal_emails reveal_phone_number webhook_url run_waterfall_email run_waterfall_phone website"
)
PEOPLE = frozenset(_PEOPLE.split())
COMPANIES = frozenset(_COMPANIES.split())
MATCH = frozenset(_MATCH.split())
PER_PAGE_MAX = 100  # more is silently cut
PAGE_MAX = 500


async def read(request: web.Request, known: frozenset[str]) -> dict[str, Any]:
    """The parameters of a call, brackets gone, query and body together; names that Apollo does not know are counted."""
    body: Any = {}
    if request.can_read_body:
        try:
            body = await request.json()
        except ValueError as error:
            raise Refused(refusal(400, "The request body is not valid JSON.")) from error
    if not isinstance(body, dict):
        raise Refused(refusal(400, "The request body must be a JSON object."))
    found: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, dict):  # {"revenue_range": {"min": 1}}
            found |= {f"{name}[{part}]": inner for part, inner in value.items()}
        else:
            found[name.removesuffix("[]")] = value
    for name in set(request.query):
        values = request.query.getall(name)
        found[name.removesuffix("[]")] = values if name.endswith("[]") else values[-1]
    for name in found.keys() - known:
        sandbox_of(request).tally.unknown_parameters["apollo"][name] += 1
    return found


def refusal(status: int, message: str, code: str | None = None) -> web.Response:
    """An error body as Apollo writes it."""
    return web.json_response({"error": message} | ({"error_code": code} if code else {}), status=status)


def paging(parameters: Parameters) -> tuple[int, int]:
    """Page and page size; raises `Refused` beyond page 500 or for what is no number."""
    try:
        page, per_page = int(parameters.get("page") or 1), int(parameters.get("per_page") or 10)
    except (TypeError, ValueError) as error:
        raise Refused(refusal(422, "page and per_page must be integers")) from error
    if page < 1 or per_page < 1:
        raise Refused(refusal(422, "page and per_page must be at least 1"))
    if page > PAGE_MAX:
        raise Refused(refusal(422, f"page must be at most {PAGE_MAX}: narrow the search with more filters"))
    return page, min(per_page, PER_PAGE_MAX)


def listed(parameters: Parameters, name: str) -> tuple[str, ...]:
    """A filter as a tuple of strings, whatever it came as."""
    value = parameters.get(name)
    if value is None or value == "":
        return ()
    if isinstance(value, str) or not isinstance(value, Iterable):
        return (str(value),)
    return tuple(str(each) for each in value)


def flag(parameters: Parameters, name: str, *, default: bool) -> bool:
    """A switch, `true` in a query or true in JSON."""
    value = parameters.get(name)
    return default if value is None else str(value).lower() in ("true", "1", "yes")
