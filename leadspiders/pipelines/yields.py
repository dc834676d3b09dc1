"""Remembers what each offer brought, cost and took, writes it down in bulk, and orders offers by it if asked to.

These are figures to learn from, not accounts: what a killed process has not written yet is lost.
"""

from collections.abc import Collection, Mapping, Sequence

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.names import Fillable
from leadspiders.errors import StoreError
from leadspiders.items.contact import Contact
from leadspiders.providers.order import Question, Ranked, key
from leadspiders.providers.provider import Offer
from leadspiders.rules.learning import WHOLE, Value, Yield, explores, segment
from leadspiders.stores.postgres import yields
from leadspiders.stores.postgres.pool import Database

WRITE_AT_ONCE = 200  # answers


class Yields:
    """One a process. `prices` are dollars an offer costs at most, by its key."""

    def __init__(self, campaign: Campaign, prices: Mapping[str, float]) -> None:
        self._campaign = campaign
        self._known: dict[yields.Place, Yield] = {}
        self._value = Value(prices, self._known)
        self._unwritten: dict[yields.Place, Yield] = {}
        self._answers = 0

    async def load(self, database: Database) -> None:
        """What was learnt so far, by all processes."""
        if self._campaign.providers.learn or self._campaign.providers.explore_share:
            self._known |= await yields.read(database, self._campaign.name)

    def place(self, lead: Contact) -> str:
        """The segment of a lead as it is known now."""
        return segment(lead, self._campaign.lead)

    def order(self, lead: Contact, name: str) -> Ranked | None:
        """How the offers for a field are ordered for the lead called `name`; None: as the campaign lists them."""
        providers = self._campaign.providers
        exploring = explores(name, providers.explore_share)
        if not providers.learn and not exploring:
            return None
        place = self.place(lead)

        def by_value(field: Fillable, offers: Sequence[Offer]) -> Sequence[Offer]:
            named = {key(offer): offer for offer in offers}
            draw = f"{name} {field}" if exploring else None
            return [named[one] for one in self._value.ranked(list(named), field, place, draw)]

        return by_value

    def note(self, question: Question, place: str, found: Collection[str], usd: float, seconds: float) -> None:
        """One answer that was asked for now: which of the fields it was asked for it brought."""
        self._answers += 1
        for field in question.fields:
            one = Yield(asked=1, found=int(field in found), usd=usd, seconds=seconds)
            at = (key(question.offer), field, place)
            self._unwritten.setdefault(at, Yield()).add(one)
            self._known.setdefault(at, Yield()).add(one)
            self._known.setdefault((key(question.offer), field, WHOLE), Yield()).add(one)

    async def write(self, database: Database, *, at_least: int = WRITE_AT_ONCE) -> None:
        """Write what has gathered, if it is so many answers; a Postgres that is away keeps nobody from going on."""
        if self._answers < max(at_least, 1):
            return
        counted, answers = self._unwritten, self._answers
        self._unwritten, self._answers = {}, 0
        try:
            await yields.add(database, self._campaign.name, counted)
        except StoreError:
            self._answers += answers
            for at, one in counted.items():
                self._unwritten.setdefault(at, Yield()).add(one)
