"""SAM.gov: registered entities in pages of ten, asynchronous extracts, and the monthly public file."""

from collections.abc import Mapping

from aiohttp import web

from leadspiders.sandbox.apis import sam_extracts, sam_filters, sam_json
from leadspiders.sandbox.apis.sam_access import admit, refusal, throttled
from leadspiders.sandbox.state import StandIn, sandbox_of

SIZE_MAX = 10
WINDOW = 10_000
_PATH = "/entity-information/{version:v[34]}/entities"
_LINK = "https://api.sam.gov/entity-information/v3/entities"


async def _entities(request: web.Request) -> web.Response:
    admit(request)
    asked = dict(request.query)
    if "format" in asked:
        return sam_extracts.order(request, asked)
    page, size = _number(asked, "page", 0), _number(asked, "size", SIZE_MAX)
    if size > SIZE_MAX or size < 1:
        raise refusal(400, "Size Cannot Exceed 10 Records", "Size Cannot Exceed 10 Records", "INVALID_SIZE")
    if (page + 1) * size > WINDOW:
        text = (
            "Results Too Large: the first 10,000 records can be paged through; use format=csv or format=json for more"
        )
        raise refusal(400, "Results Too Large", text, "RESULTS_TOO_LARGE")
    found = sam_filters.find(sandbox_of(request).world.registrations, asked)
    sections = _sections(asked.get("includeSections"))
    rows = found[page * size : (page + 1) * size]
    links = {"selfLink": _link(asked, page, size)}
    if (page + 1) * size < len(found):
        links["nextLink"] = _link(asked, page + 1, size)
    entities = [sam_json.entity(entry, sections) for entry in rows]
    return web.json_response({"totalRecords": len(found), "entityData": entities, "links": links})


def _number(asked: Mapping[str, str], name: str, default: int) -> int:
    text = asked.get(name, str(default))
    if not text.isdigit():
        raise refusal(400, f"{name} must be a number", f"{name}: {text}", "INVALID_NUMBER")
    return int(text)


def _sections(text: str | None) -> tuple[str, ...]:
    if text is None:
        return sam_json.DEFAULT_SECTIONS
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    if wanted == ["All"]:
        return sam_json.SECTIONS[:-1]  # all but integrityInformation
    unknown = [part for part in wanted if part not in sam_json.SECTIONS]
    if unknown or not wanted:
        raise refusal(400, "Invalid includeSections", f"includeSections: {text}", "INVALID_SEARCH_PARAMETER")
    return tuple(wanted)


def _link(asked: Mapping[str, str], page: int, size: int) -> str:
    """A link of the reply: the real host, and the key blanked out."""
    rest = "".join(f"&{name}={value}" for name, value in asked.items() if name not in ("api_key", "page", "size"))
    return f"{_LINK}?api_key=REPLACE_WITH_API_KEY{rest}&page={page}&size={size}"


def _routes() -> list[web.RouteDef]:
    return [
        web.get(_PATH, _entities),
        web.get("/entity-information/{version:v[34]}/download-entities", sam_extracts.download),
        web.get("/data-services/v1/extracts", sam_extracts.monthly),
        web.get("/storage/{name}", sam_extracts.storage),
    ]


STAND_IN = StandIn("sam_gov", _routes, throttled)
