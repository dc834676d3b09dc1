"""Whether anything may be bought for a lead now: the crawl goes on, the lead is worth it, and more are wanted."""

from collections import Counter
from collections.abc import Awaitable, Callable

from leadspiders.campaigns.model import Campaign
from leadspiders.items.contact import Contact
from leadspiders.pipelines.goal import Goal
from leadspiders.rules.best_possible import not_worth_it
from leadspiders.rules.company_names import clean
from leadspiders.rules.waterfall import is_person

NOT_WORTH_IT = "not_worth_it"
NAMED = ("enriched", "ready")


class Admission:
    """One a crawl. Leads are known by a token until they left; `stopping` says that somebody is ending the crawl.

    People at one employer are counted here besides the database: a page may hold all of its managers at once.
    """

    def __init__(
        self, campaign: Campaign, goal: int | None, reached: Callable[[], Awaitable[int]], stopping: Callable[[], bool]
    ) -> None:
        self._campaign = campaign
        self._goal = Goal(goal, reached)
        self._stopping = stopping
        self._admitted: dict[int, str | None] = {}
        self._people: Counter[str] = Counter()

    async def closed(self, lead: Contact, token: int) -> str | None:
        """A short name of why nothing is bought for the lead, or None. May wait for others that are under way."""
        if self._stopping():
            return "stopping"
        if not_worth_it(lead if is_person(lead) else lead.company, self._campaign):
            return NOT_WORTH_IT
        if token in self._admitted:
            return None
        employer = self._employer(lead)
        if employer and self._full(lead, employer):
            return "enough_people"
        self._admitted[token] = employer
        if employer:
            self._people[employer] += 1
        if await self._goal.may_buy(token):
            return None
        self._leave(token, kept=False)
        return "goal_reached"

    async def left(self, token: int, *, kept: bool, became_ready: bool) -> None:
        """The lead is stored (`kept`: by its name) or given up."""
        self._leave(token, kept=kept)
        await self._goal.done(token, became_ready=became_ready)

    def _leave(self, token: int, *, kept: bool) -> None:
        employer = self._admitted.pop(token, None)
        if employer and not kept:
            self._people[employer] -= 1

    def _employer(self, lead: Contact) -> str | None:
        """Whose people are counted: only those whose name is still to be bought, where the campaign says how many."""
        if not self._campaign.target.contacts_per_company or not is_person(lead) or lead.lead_state in NAMED:
            return None
        return lead.company.domain or clean(lead.company.name)

    def _full(self, lead: Contact, employer: str) -> bool:
        wanted = self._campaign.target.contacts_per_company
        return wanted is not None and max(self._people[employer], lead.company.decision_makers) >= wanted.max
