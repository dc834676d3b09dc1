"""How many records there are for a campaign: the sources say it where that costs nothing, else the database, else we
guess."""

from collections.abc import Mapping, Sequence

from aiohttp import ClientError

from leadspiders.apis.apollo.people import read_people, search_people_call
from leadspiders.apis.sam_gov.pages import PAGE_SIZE, entities_call, read_entities
from leadspiders.campaigns.model import Campaign
from leadspiders.errors import ApiError
from leadspiders.ops.plan_ask import Ask
from leadspiders.ops.plan_data import Says, Volume
from leadspiders.spiders.apollo import Apollo
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.spiders.samgov_source import SamgovSource

STATES = 51
REGISTERED = 900_000  # entities in SAM.gov's monthly file
SPARE = 1.2  # people that a search is taken to find for each lead of the goal, where nobody can be asked


async def volumes(
    campaign: Campaign, spiders: Mapping[str, CampaignSpider], ask: Ask | None, seen: Mapping[str, int], goal: int
) -> list[Volume]:
    """One a source, in the campaign's order; `ask` is None offline, `seen` holds records by source in the database."""
    found = []
    for name, spider in spiders.items():
        if name == "bls":
            found.append(_bls(campaign))
        elif isinstance(spider, SamgovSource):
            found.append(await _samgov(campaign, spider, ask, seen.get(name, 0), goal))
        elif isinstance(spider, Apollo):
            found.append(await _apollo(campaign, spider, ask, seen.get(name, 0), goal))
    return found


def _bls(campaign: Campaign) -> Volume:
    """Slices are counted by themselves; how many cells each holds is told only by the slice."""
    source = campaign.sources.bls
    listed: Sequence[str] = source.codes or (source.size_classes if source.by == "size" else ())
    slices = len(listed) or STATES
    return Volume(source="bls", records=slices, calls=slices, by="asked" if listed else "assumed", note="slices")


async def _apollo(campaign: Campaign, spider: Apollo, ask: Ask | None, stored: int, goal: int) -> Volume:
    per_page, wanted = campaign.sources.apollo.per_page, campaign.target.contacts_per_company
    people, note = round(goal * (wanted.max if wanted else 1) * SPARE), "people"
    by: Says = "assumed"
    if ask and ask.may("apollo"):
        try:
            people = read_people(await ask.send(search_people_call(spider.target, 1, 1))).total
            by = "asked"
        except (ApiError, ClientError, TimeoutError, OSError) as error:
            note = f"people; Apollo gave no count ({error or type(error).__name__})"
    if by == "assumed" and stored:
        people, by = stored, "stored"
    pages = -(-people // per_page) + (STATES if people > spider.reach else 0)
    return Volume(source="apollo", records=people, calls=pages, by=by, note=note)


async def _samgov(campaign: Campaign, spider: SamgovSource, ask: Ask | None, stored: int, goal: int) -> Volume:
    """A count costs one of the day's requests, which an account without a role has ten of: it is not asked then."""
    source = campaign.sources.samgov
    entities, note = stored or min(REGISTERED, goal * 10), "entities"
    by: Says = "stored" if stored else "assumed"
    if ask and ask.may("sam_gov") and source.mode == "pages" and source.account != "no_role":
        try:
            entities, by = read_entities(await ask.send(entities_call(0, **spider.question.filters()))).total, "asked"
            note = "entities"
        except (ApiError, ClientError, TimeoutError, OSError) as error:
            note = f"entities; SAM.gov gave no count ({error or type(error).__name__})"
    calls = -(-entities // PAGE_SIZE) if source.mode == "pages" else 3
    return Volume(source="samgov", records=entities, calls=calls, by=by, note=note)
