"""Which offers a lead passes, with made-up sellers: no database, no network, no clock."""

import asyncio
import tracemalloc
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Conversation
from leadspiders.campaigns.loader import load
from leadspiders.campaigns.model import Campaign
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.pipelines.batcher import Batcher
from leadspiders.pipelines.desks import Counter as DeskCounter
from leadspiders.pipelines.desks import Desks
from leadspiders.pipelines.waterfall import Waterfall
from leadspiders.pipelines.yields import Yields
from leadspiders.providers.lead_key import lead_key
from leadspiders.providers.order import key
from leadspiders.providers.provider import Bought
from leadspiders.providers.purchase import Answer

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
Says = Callable[[Contact], Answer]


class Made:
    """An offer that answers as it is told, and notes whom it was asked about."""

    batch = 10
    credits_each = 1.0

    def __init__(
        self, provider: str, says: Says, *, name: str = "find", fills: Sequence[str] = ("email",), pause: float = 0.0
    ) -> None:
        self.provider, self.name, self.fills, self.says, self.pause = provider, name, frozenset(fills), says, pause
        self.asked: list[Contact] = []
        self.calls = 0

    def wants(self, contact: Contact) -> bool:
        return "email_status" in self.fills or contact.email is None

    def fact(self, contact: Contact) -> str:
        return str(contact.provider_key)

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        raise NotImplementedError

    def read(self, reply: bytes, contact: Contact) -> Contact:
        raise NotImplementedError

    async def buy(self, contacts: list[Contact]) -> Sequence[Answer]:
        self.calls += 1
        await asyncio.sleep(self.pause)
        self.asked += contacts
        return [self.says(contact) for contact in contacts]


def finds(**fields: object) -> Says:
    return lambda contact: Answer(contact=Contact(**fields), usd=0.1, receipt="r", bought_at=NOON, seconds=0.5)


def judges(verdict: str) -> Says:
    return lambda contact: Answer(contact=Contact(email=contact.email, email_status=verdict), usd=0.01, bought_at=NOON)


def nothing(contact: Contact) -> Answer:
    return Answer(usd=0.1)


def refuses(reason: str) -> Says:
    return lambda contact: Answer(refused=reason)


class Around:
    """The stage, which lets everybody buy unless it is told otherwise."""

    reason: str | None = None
    let_go: ClassVar[type[Exception]] = PermissionError

    def __init__(self) -> None:
        self.met: list[str | None] = []

    async def closed(self, lead: Contact, token: int) -> str | None:
        return self.reason

    async def objected(self, lead: Contact, provider: str) -> None:
        raise self.let_go(provider)

    async def learned(self, lead: Contact) -> None:
        self.met.append(lead.email)


class Street:
    """A campaign with these sellers on it."""

    def __init__(
        self,
        *sellers: Made,
        fields: Mapping[str, Sequence[str]],
        verify: Sequence[str] = (),
        known: Mapping[str, Says] | None = None,
        campaign: str = "performance_marketers",
    ) -> None:
        self.campaign = campaigned(campaign, fields, verify)
        self.stats: Counter[str] = Counter()
        self.around = Around()
        self.known = known or {}
        offers: dict[str, list[Made]] = {}
        for seller in sellers:
            offers.setdefault(seller.provider, []).append(seller)
        desks = Desks(
            offers=offers,
            prices={key(seller): 0.1 for seller in sellers},
            counters={
                key(seller): DeskCounter(
                    buy=Batcher(seller.buy, size=seller.batch, linger=0.001, lanes=4),
                    recollect=Batcher(self._memory(seller), size=100, linger=0.001, lanes=2),
                )
                for seller in sellers
            },
        )
        self.yields = Yields(self.campaign, desks.prices)
        self.waterfall = Waterfall(self.campaign, desks, self.yields, around=self.around, context=self)

    def count(self, name: str, by: int = 1) -> None:
        self.stats[name] += by

    def _memory(self, seller: Made) -> Callable[[list[Contact]], object]:
        says = self.known.get(seller.provider)

        async def recollect(contacts: list[Contact]) -> list[Answer | None]:
            return [says(contact) if says else None for contact in contacts]

        return recollect

    def fill(self, lead: Contact) -> str | None:
        return asyncio.run(self.waterfall.fill(lead, 1))


def campaigned(name: str, fields: Mapping[str, Sequence[str]], verify: Sequence[str]) -> Campaign:
    campaign = load(name)
    providers = campaign.providers.model_copy(update={"fields": dict(fields), "verify": tuple(verify)})
    return campaign.model_copy(update={"providers": providers})


def person(**fields: object) -> Contact:
    return Contact(provider_key="apollo:1", full_name="Ada Example", company=Company(name="Example"), **fields)


@pytest.mark.parametrize(
    "first",
    [nothing, *map(refuses, ("provider-down", "campaign-cap", "credential-refused", "unreadable"))],
    ids=["nothing", "provider-down", "campaign-cap", "credential-refused", "unreadable"],
)
def test_whatever_the_first_says_but_an_address_the_next_is_asked(first: Says) -> None:
    hunter, dropcontact = Made("hunter", first), Made("dropcontact", finds(email="ada@example.com"))
    lead = person()
    Street(hunter, dropcontact, fields={"email": ["hunter", "dropcontact"]}).fill(lead)
    assert lead.email == "ada@example.com"
    assert (len(hunter.asked), len(dropcontact.asked)) == (1, 1)


def test_it_stops_when_nothing_is_missing() -> None:
    hunter, dropcontact = Made("hunter", finds(email="ada@example.com")), Made("dropcontact", nothing)
    Street(hunter, dropcontact, fields={"email": ["hunter", "dropcontact"]}).fill(person())
    assert not dropcontact.asked


def test_the_order_is_each_fields_own_and_an_offer_is_asked_once_for_all_its_fields() -> None:
    both = Made("apollo", nothing, fills=("email", "phone"))
    phones = Made("clearbit", finds(phone="+12125550100"), fills=("phone",))
    order: list[str] = []
    for seller in (both, phones):
        buy = seller.buy

        async def noted(contacts: list[Contact], seller: Made = seller, buy: Callable = buy) -> Sequence[Answer]:
            order.append(seller.provider)
            return await buy(contacts)

        seller.buy = noted
    street = Street(both, phones, fields={"phone": ["clearbit", "apollo"], "email": ["apollo"]})
    lead = person()
    street.fill(lead)
    assert order == ["clearbit", "apollo"]
    assert lead.phone == "+12125550100"


def test_an_address_that_a_verifier_finds_dead_is_looked_for_at_the_next_provider() -> None:
    hunter = Made("hunter", finds(email="old@example.com"))
    dropcontact = Made("dropcontact", finds(email="ada@example.com"))
    verifier = Made(
        "neverbounce",
        lambda contact: judges("invalid" if contact.email == "old@example.com" else "valid")(contact),
        name="verify",
        fills=("email_status",),
    )
    lead = person()
    Street(
        hunter,
        dropcontact,
        verifier,
        fields={"email": ["hunter", "dropcontact"]},
        verify=["neverbounce"],
    ).fill(lead)
    assert (lead.email, lead.email_status) == ("ada@example.com", "valid")
    assert len(verifier.asked) == 2
    assert lead.lineage["email_status"].source == "neverbounce"
    assert lead.lineage["email"].replaced == "hunter"


@pytest.mark.parametrize(("first", "asked"), [("valid", 0), ("invalid", 0), ("risky", 1), ("unknown", 1)])
def test_verifiers_are_asked_in_order_until_one_is_sure(first: str, asked: int) -> None:
    sure = Made("neverbounce", judges(first), name="verify", fills=("email_status",))
    second = Made("hunter", judges("valid"), name="verify", fills=("email_status",))
    lead = person(email="ada@example.com", email_status="valid")  # as the seller of the address says
    Street(sure, second, fields={"email": ["apollo"]}, verify=["neverbounce", "hunter"]).fill(lead)
    assert len(second.asked) == asked
    assert lead.email_status == ("valid" if asked else first)


def test_who_must_not_be_contacted_goes_no_further() -> None:
    objecting = Made("hunter", finds(flags=["do-not-contact"]))
    street = Street(objecting, fields={"email": ["hunter"]})
    with pytest.raises(PermissionError, match="hunter"):
        street.fill(person())


def test_what_was_bought_before_is_used_when_nothing_may_be_bought_now() -> None:
    hunter = Made("hunter", finds(email="never@example.com"))
    dropcontact = Made("dropcontact", nothing)
    street = Street(
        hunter,
        dropcontact,
        fields={"email": ["hunter", "dropcontact"]},
        known={"dropcontact": finds(email="ada@example.com")},
    )
    street.around.reason = "goal_reached"
    lead = person()
    assert street.fill(lead) == "goal_reached"
    assert lead.email == "ada@example.com"
    assert not hunter.asked


def test_the_stage_hears_of_each_new_trait_at_once() -> None:
    hunter = Made("hunter", finds(email="ada@example.com"))
    verifier = Made("neverbounce", judges("valid"), name="verify", fills=("email_status",))
    street = Street(hunter, verifier, fields={"email": ["hunter"]}, verify=["neverbounce"])
    street.fill(person())
    assert street.around.met == ["ada@example.com"]  # a verdict brings no trait


def test_a_lead_is_bought_for_under_one_key_whatever_is_learned() -> None:
    keys = []

    def notes(contact: Contact) -> Answer:
        keys.append(lead_key(contact))
        return finds(linkedin_url="https://www.linkedin.com/in/dana-field")(contact)

    asked = [Made("hunter", notes), Made("dropcontact", notes)]
    lead = Contact(full_name="Dana Field", company=Company(name="Ohio Gear Works", domain="ohiogear.com"))
    Street(*asked, fields={"email": ["hunter", "dropcontact"]}).fill(lead)
    assert keys == ["dana field|ohiogear.com"] * 2


def test_an_employer_alone_is_asked_about_as_a_company() -> None:
    people = Made("hunter", finds(email="ada@example.com"))
    sizes = Made("apollo", finds(company=Company(domain="example.com", employees=90)), fills=("employees",))
    employer = Company(name="Example Advice", domain="example.com")
    street = Street(people, sizes, fields={"email": ["hunter"], "employees": ["apollo"]}, campaign="dpc_employers")
    street.fill(Contact(company=employer))
    assert employer.employees == 90
    assert not people.asked


def test_what_offers_bring_is_counted_by_field() -> None:
    finder = Made("hunter", finds(email="ada@example.com"), fills=("email", "phone"))
    street = Street(finder, fields={"email": ["hunter"], "phone": ["hunter"]})
    street.fill(person(state="OH"))
    counted = street.yields._unwritten
    assert {at: (one.asked, one.found, one.usd, one.seconds) for at, one in counted.items()} == {
        ("hunter/find", "email", "-/OH"): (1, 1, 0.1, 0.5),
        ("hunter/find", "phone", "-/OH"): (1, 0, 0.1, 0.5),
    }


def test_ten_thousand_leads_wait_for_a_slow_provider_and_all_are_answered() -> None:
    def one_in_ten(contact: Contact) -> Answer:
        return (finds(email="ada@example.com") if str(contact.provider_key).endswith("0") else nothing)(contact)

    slow = Made("hunter", one_in_ten, pause=0.001)
    street = Street(slow, fields={"email": ["hunter"]})
    leads = [Contact(provider_key=f"apollo:{number}", full_name="Ada Example") for number in range(10_000)]

    async def main() -> list[str | None]:
        return await asyncio.gather(*(street.waterfall.fill(lead, id(lead)) for lead in leads))

    tracemalloc.start()
    asyncio.run(main())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert slow.calls == 1_000
    assert street.stats == {"enrich/hunter/found": 1_000, "enrich/hunter/unknown": 9_000}
    assert most < 100_000_000  # 20 MB: two kB for each that waits
