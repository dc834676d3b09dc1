"""The enrich stage over a real database, with made-up sellers: who is known, who objects, who is worth it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from leadspiders.campaigns.loader import load
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.origin import Origin
from leadspiders.pipelines.batcher import Batcher
from leadspiders.pipelines.desks import Counter as DeskCounter
from leadspiders.pipelines.desks import Desks
from leadspiders.pipelines.enrich import Enrich
from leadspiders.pipelines.outcomes import Left
from leadspiders.pipelines.score import Score
from leadspiders.pipelines.store import judgment
from leadspiders.providers.purchase import Answer
from leadspiders.stores.postgres import suppressions, yields
from leadspiders.stores.postgres.incomplete import incomplete, stored_leads
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.receipts import open_receipt
from leadspiders.stores.postgres.writer import Writer
from tests.conftest import VAULT

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LINKEDIN = "https://www.linkedin.com/in/ada-example"
ADVICE = {"name": "Example Advice", "domain": "advice.test", "naics_code": "541611", "state": "OH", "city": "Dayton"}


def keyed(kind: str, value: str) -> bytes:
    return blake2b(f"{kind}:{value}".encode(), digest_size=16).digest()


class Seller:
    """An offer that says the same of everybody."""

    name, batch, credits_each = "find", 10, 1.0

    def __init__(self, provider: str, fills: Sequence[str], **said: Any) -> None:
        self.provider, self.fills, self.said = provider, frozenset(fills), said
        self.asked = 0

    def wants(self, contact: Contact) -> bool:
        return True

    async def buy(self, contacts: list[Contact]) -> list[Answer]:
        self.asked += len(contacts)
        company = {"company": Company(**self.said.get("company", {}))}
        return [Answer(contact=Contact(**self.said | company), usd=0.1, bought_at=NOON, seconds=0.2) for _ in contacts]

    async def recollect(self, contacts: list[Contact]) -> list[None]:
        return [None] * len(contacts)


class At:
    """A campaign with sellers, over a database."""

    def __init__(self, database: Database, name: str, sellers: Sequence[Seller]) -> None:
        campaign = load(name)
        order: dict[str, list[str]] = {}
        for seller in sellers:
            for field in sorted(seller.fills - {"email_status"}):
                order.setdefault(field, []).append(seller.provider)
        verify = tuple(seller.provider for seller in sellers if "email_status" in seller.fills)
        providers = campaign.providers.model_copy(update={"fields": order, "verify": verify})
        self.campaign = campaign.model_copy(update={"providers": providers})
        self.database = database
        self.stats: Counter[str] = Counter()
        context: Any = SimpleNamespace(
            campaign=self.campaign,
            database=database,
            goal=100,
            keyed_hash=keyed,
            count=lambda name, by=1: self.stats.update({name: by}),
        )
        keys = {f"{seller.provider}/find": seller for seller in sellers}
        offers: Any = {seller.provider: [seller] for seller in sellers}
        desks = Desks(
            offers,
            dict.fromkeys(keys, 0.1),
            {
                key: DeskCounter(
                    buy=Batcher(seller.buy, size=10, linger=0.001),
                    recollect=Batcher(seller.recollect, size=100, linger=0.001),
                )
                for key, seller in keys.items()
            },
        )
        self.stage = Enrich(context, desks, lambda: False)
        self.score = Score(context)
        self._written = 0

    async def write(self, *leads: Contact | Company) -> None:
        receipt = f"{self._written:040d}"
        self._written += 1
        await open_receipt(
            self.database,
            run_id="run",
            receipt=receipt,
            campaign=self.campaign.name,
            source="apollo",
            url="https://api.test",
            seen=len(leads),
            raw=None,
        )
        for index, lead in enumerate(leads):
            lead.origin = Origin(
                source="apollo", url="https://api.test", fetched_at=NOON, run_id="run", receipt=receipt, index=index
            )
            await self.score.process_item(lead)
        writer = Writer(
            self.database,
            campaign=self.campaign.name,
            run_id="run",
            keyed_hash=keyed,
            deliver=lambda lead: ["hubspot"] if lead.scores and lead.scores.is_qualified else [],
            judgment=judgment(self.campaign),
        )
        for lead, outcome in zip(leads, await writer.write(leads), strict=True):
            lead.id = outcome.id

    async def process(self, lead: Contact | Company) -> str | None:
        """Why the stage let go of it, or None."""
        await self.stage.open_spider()
        try:
            await self.stage.process_item(lead)
        except Left as left:
            return f"{left.outcome}: {left.reason}"
        finally:
            await self.stage.left(lead)
            await self.stage.close_spider()
        return None


@pytest.fixture
def at(database: str) -> Callable[..., Any]:
    """Run `work(at)` over a campaign with these sellers."""

    def run(work: Callable[[At], Awaitable[Any]], *sellers: Seller, campaign: str = "performance_marketers") -> Any:
        async def main() -> Any:
            opened = Database(database, vault=VAULT)
            try:
                return await work(At(opened, campaign, sellers))
            finally:
                await opened.close()

        return asyncio.run(main())

    return run


def masked(number: int = 2) -> Contact:
    return Contact(
        provider_key=f"apollo:{number}", first_name="Ada", last_name_masked="Ex***e", lead_state="identified"
    )


def employee(number: int, **said: Any) -> Contact:
    values = {
        "full_name": ("Ada Quill", "Bo Tern", "Cyd Maple", "Dov Reyes")[number],
        "title": "CFO",
        "linkedin_url": f"{LINKEDIN}-{number}",
        "lead_state": "enriched",
        "company": Company(**ADVICE, employees=250),
    }
    return Contact(**values | said)


def test_a_person_who_turns_out_to_be_stored_is_recognized_before_the_next_seller_is_asked(at: Any) -> None:
    names = Seller("apollo", ["full_name"], full_name="Ada Example", linkedin_url=LINKEDIN)
    addresses = Seller("hunter", ["email"], email="new@example.com")

    async def work(at: At) -> Contact:
        known = Contact(full_name="Ada Example", linkedin_url=LINKEDIN, email="ada@example.com", lead_state="enriched")
        await at.write(known)
        again = masked()
        assert await at.process(again) is None
        assert (again.known, again.id) == (True, known.id)
        return again

    assert at(work, names, addresses).email == "ada@example.com"
    assert (names.asked, addresses.asked) == (1, 0)


def test_somebody_who_opted_out_is_recognized_by_what_the_second_seller_brings(at: Any) -> None:
    names = Seller("apollo", ["full_name"], full_name="Ada Example", linkedin_url=LINKEDIN)
    addresses = Seller("hunter", ["email"], email="ada@example.com")
    verifier = Seller("neverbounce", ["email_status"], email="ada@example.com", email_status="valid")

    async def work(at: At) -> str | None:
        await suppressions.add(at.database, [("email", keyed("email", "ada@example.com"))], reason="asked")
        return await at.process(masked())

    assert at(work, names, addresses, verifier) == "suppressed: opted-out"
    assert (names.asked, addresses.asked, verifier.asked) == (1, 1, 0)


def test_who_objected_at_a_provider_is_on_the_list_from_then_on(at: Any) -> None:
    objecting = Seller("dropcontact", ["email"], flags=["do-not-contact"])

    async def work(at: At) -> tuple[str | None, set[bytes]]:
        lead = Contact(full_name="Ada Example", linkedin_url=LINKEDIN, company=Company(**ADVICE))
        ended = await at.process(lead)
        return ended, await suppressions.listed(
            at.database, [keyed("linkedin", LINKEDIN), keyed("domain", "advice.test")]
        )

    assert at(work, objecting) == ("suppressed: do-not-contact", {keyed("linkedin", LINKEDIN)})


def test_an_employer_of_unknown_size_is_asked_about_before_it_is_judged(at: Any, database: str) -> None:
    large = Seller("apollo", ["employees"], company={"domain": "advice.test", "employees": 1201})

    async def work(at: At) -> list[str | None]:
        fresh, stored = Company(**ADVICE), Company(**ADVICE | {"domain": "other.test", "city": "Akron"})
        await at.write(stored)
        large.said["company"]["domain"] = "advice.test"
        first = await at.process(fresh)
        large.said["company"]["domain"] = "other.test"
        (again,) = await stored_leads(at.database, await incomplete(at.database, at.campaign.name), keyed)
        return [first, await at.process(again)]

    assert at(work, large, campaign="dpc_employers") == ["refused: staff-out-of-range"] * 2
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT lead_state FROM prospects").fetchall() == [("rejected",)]


def test_nothing_is_bought_for_whom_no_answer_could_qualify(at: Any) -> None:
    seller = Seller("apollo", ["employees"], company={"employees": 90})
    diner = Company(name="Example Diner", domain="diner.test", naics_code="722511", state="OH")

    async def work(at: At) -> tuple[str | None, int]:
        return await at.process(diner), at.stats["enrich/not_worth_it"]

    assert at(work, seller, campaign="dpc_employers") == (None, 1)
    assert seller.asked == 0
    assert "at best" in diner.extras["not_worth_it"]


def test_no_more_people_are_bought_at_an_employer_than_the_campaign_wants(at: Any) -> None:
    names = Seller("apollo", ["full_name"], full_name="Ada Example")

    async def work(at: At) -> int:
        people = [masked(number) for number in range(9)]
        for person in people:
            person.company = Company(name="Example Advice")
        await asyncio.gather(*(at.stage.process_item(person) for person in people))
        return at.stats["enrich/enough_people"]

    assert at(work, names, campaign="dpc_employers") == 4
    assert names.asked == 5


def test_people_found_later_raise_the_employer_and_their_colleagues(at: Any, database: str) -> None:
    async def work(at: At) -> None:
        employer = Company(**ADVICE, employees=250)
        await at.write(employer)
        for number in range(3):
            await at.write(employee(number), employee(number))
        await at.write(employee(3, title="Gardener"))
        await at.write(Company(**ADVICE, employees=250, legal_name="Example Advice LLC"))

    at(work, campaign="dpc_employers")
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT decision_makers, lead_score FROM companies").fetchall()
        leads = connection.execute(
            "SELECT contact_id IS NULL, fit, is_qualified FROM prospects ORDER BY 1, 2"
        ).fetchall()
        waiting = connection.execute("SELECT count(*) FROM outbox").fetchone()
    assert [people for people, _ in found] == [3]
    fits = {fit for _, fit, _ in leads}
    assert len(leads) == 5
    assert len(fits) == 1  # the employer's and its people's alike
    assert min(fits) > 80
    assert {score for _, score in found} == fits
    assert all(qualified for *_, qualified in leads)
    assert waiting == (5,)


def test_an_employer_that_came_with_its_people_is_a_lead_too(at: Any, database: str) -> None:
    async def work(at: At) -> None:
        await at.write(employee(1), employee(2), masked())

    at(work, campaign="dpc_employers")
    with psycopg.connect(database) as connection:
        employers = connection.execute("SELECT lead_state, fit > 0 FROM prospects WHERE company_id IS NOT NULL")
        assert employers.fetchall() == [("ready", True)]


def test_what_sellers_brought_is_added_up_over_all_processes(at: Any) -> None:
    names = Seller("apollo", ["full_name"], full_name="Ada Example")

    async def work(at: At) -> dict[yields.Place, Any]:
        for number in range(2):
            await At(at.database, "performance_marketers", [names]).process(masked(number))
        return await yields.read(at.database, at.campaign.name)

    learnt = at(work, names)
    assert set(learnt) == {("apollo/find", "full_name", "-/-"), ("apollo/find", "full_name", "*")}
    (one, whole) = learnt.values()
    assert (one.asked, one.found, round(one.usd, 6), round(one.seconds, 6)) == (2, 2, 0.2, 0.4)
    assert whole == one
