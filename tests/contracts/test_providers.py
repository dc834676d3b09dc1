"""What holds for every offer of every provider in the settings, with the sandbox's own counts as the judge.

An offer needs one row in `ASK` that says how to ask for it; all else follows from the registry.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, get_args

import pytest
from scrapy.utils.misc import load_object

from leadspiders import settings
from leadspiders.apis.drift import Drift
from leadspiders.apis.registry import APIS
from leadspiders.campaigns.names import Fillable
from leadspiders.campaigns.names import Provider as ProviderName
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, Unavailable, Unreadable
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.providers.http import Described
from leadspiders.providers.provider import Bought, Jobs, Offer, Provider, Ticket
from leadspiders.sandbox.apis import clearbit_records, hunter_records, proxycurl_records
from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.world import mailboxes
from leadspiders.sandbox.world.companies import Company as Work
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.truth import World
from tests.contracts.counter import DESCRIBED, KEY, Counter

MOST_ASKS = 60


@dataclass(frozen=True, slots=True)
class Ask:
    """How to ask for an offer: three leads at least that it knows, and one that it wants and does not know.

    `unknown` is None for an offer that always has an answer. `small` says that a key with this word has a small plan.
    """

    known: Callable[[World], list[Contact]]
    unknown: Callable[[World], Contact | None]
    small: bool = True


def person(one: Person, **more: Any) -> Contact:
    """Somebody as a source shows them, without an address."""
    name = {"full_name": one.name.full, "first_name": one.name.first, "last_name": one.name.last or None}
    company = Company(name=one.company.name, domain=one.company.domain)
    return Contact(**name, company=company, **more)


def somebody(world: World, fits: Callable[[Person], bool]) -> list[Person]:
    """The first three people with a last name whom it fits."""
    return [one for one in world.people if one.name.last and one.twin_of is None and fits(one)][:3]


def masked(world: World) -> list[Contact]:
    return [Contact(provider_key=f"apollo:{one.id}") for one in somebody(world, lambda one: one.matched)]


def findable(one: Person) -> bool:
    return mailboxes.knows("hunter", one) and not hunter_records.claimed(one)


def listed(world: World) -> list[Contact]:
    """People of three companies: those of one share a page."""
    found = {one.company.domain: one for one in world.people if one.name.last and one.twin_of is None and findable(one)}
    return [person(one) for one in list(found.values())[:3]]


def nameless(world: World) -> Contact:
    [one, *_] = somebody(world, lambda one: not findable(one) and not mailboxes.catch_all(one.company.domain))
    return person(one)


def addressed(world: World) -> list[Contact]:
    people = somebody(world, lambda one: mailboxes.reads_mail(one) and not hunter_records.claimed(one))
    return [person(one, email=one.mailbox) for one in people]


def employers(fits: Callable[[World, Work], Any], **of: Callable[[Work], str]) -> Callable[[World], list[Contact]]:
    """Asks for leads that are companies; `of` makes the fields they have."""
    return lambda world: [
        Contact(company=Company(**{name: value(one) for name, value in of.items()}))
        for one in [one for one in world.employers if one.listed and fits(world, one)][:3]
    ]


def persons(fits: Callable[[World, Person], Any], **of: Callable[[Person], str]) -> Callable[[World], list[Contact]]:
    """Asks for leads that are people; `of` makes what they have beside a name and an employer."""
    return lambda world: [
        person(one, **{name: value(one) for name, value in of.items()})
        for one in somebody(world, lambda one: bool(fits(world, one)))
    ]


def profile(one: Person) -> str:
    return f"https://www.linkedin.com/in/{one.slug}"


def page(one: Work) -> str:
    return one.linkedin_url


def resolvable(world: World, one: Person) -> object:
    name = {"first_name": one.name.first, "last_name": one.name.last}
    return proxycurl_records.resolved(world, name | {"company_domain": one.company.domain})


NOBODY = Contact(
    full_name="No Body",
    first_name="No",
    last_name="Body",
    email="no.body@nowhere.example.com",
    linkedin_url="https://www.linkedin.com/in/example-no-body",
    company=Company(domain="nowhere.example.com", linkedin_url="https://www.linkedin.com/company/nowhere"),
)
WITHOUT_ADDRESS = replace(NOBODY, email=None)
WITHOUT_PROFILE = replace(WITHOUT_ADDRESS, linkedin_url=None)
ASK = {
    "apollo/match": Ask(masked, lambda world: Contact(provider_key="apollo:000000000000000000000000")),
    "apollo/organization": Ask(employers(lambda world, one: True, domain=lambda one: one.domain), lambda world: NOBODY),
    "dropcontact/enrichment": Ask(
        persons(lambda world, one: mailboxes.knows("dropcontact", one)), lambda world: WITHOUT_PROFILE
    ),
    "clearbit/company": Ask(
        employers(lambda world, one: clearbit_records.company_at(world, one.domain), domain=lambda one: one.domain),
        lambda world: NOBODY,
    ),
    "clearbit/person": Ask(
        persons(lambda world, one: clearbit_records.combined(world, one.mailbox), email=lambda one: one.mailbox),
        lambda world: NOBODY,
    ),
    "clearbit/domain": Ask(
        employers(lambda world, one: clearbit_records.named(world, one.name), name=lambda one: one.name),
        lambda world: Contact(company=Company(name="Nobody & Sons")),
    ),
    "proxycurl/profile": Ask(
        persons(lambda world, one: proxycurl_records.profile_at(world, {"url": profile(one)}), linkedin_url=profile),
        lambda world: NOBODY,
    ),
    "proxycurl/resolution": Ask(persons(resolvable), lambda world: WITHOUT_PROFILE),
    "proxycurl/company": Ask(
        employers(lambda world, one: proxycurl_records.page_at(world, {"url": page(one)}), linkedin_url=page),
        lambda world: NOBODY,
    ),
    "http/people": Ask(persons(lambda world, one: mailboxes.knows("http", one)), lambda world: WITHOUT_ADDRESS),
    "http/verdicts": Ask(
        persons(lambda world, one: mailboxes.knows("http", one), email=lambda one: one.mailbox), lambda world: NOBODY
    ),
    "hunter/find": Ask(lambda world: [person(one) for one in somebody(world, findable)], nameless),
    "hunter/domain": Ask(listed, lambda world: WITHOUT_ADDRESS),
    "hunter/verify": Ask(addressed, lambda world: None),
    "neverbounce/verify": Ask(addressed, lambda world: None),
}

PROVIDERS: list[Provider] = [load_object(path)() for path in settings.LEADS_PROVIDERS.values()]
OFFERS: dict[str, Offer] = {
    f"{one.provider}/{one.name}": one
    for provider in PROVIDERS
    for one in (map(Described, DESCRIBED) if provider.name == "http" else provider.offers())
}


def secretly(body: bytes) -> bytes:
    """The same reply, with a field that nobody knows in each of its objects."""

    def more(data: Any) -> Any:
        if isinstance(data, dict):
            return {name: more(value) for name, value in data.items()} | {"zz_surprise": ["something"]}
        return [more(value) for value in data] if isinstance(data, list) else data

    return json.dumps(more(json.loads(body))).encode() if body.strip()[:1] in (b"{", b"[") else body


@pytest.fixture(scope="module")
def everything() -> Iterator[Counter]:
    counter = Counter()
    with serving(counter.sandbox) as counter.url:
        yield counter


@pytest.fixture
def counter(everything: Counter) -> Iterator[Counter]:
    everything.now += 100_000  # every window is empty again
    yield everything
    everything.sandbox.forecast.by_api = {}


@pytest.fixture(params=OFFERS)
def offer(request: pytest.FixtureRequest) -> Offer:
    return OFFERS[request.param]


@pytest.fixture
def ask(offer: Offer) -> Ask:
    key = f"{offer.provider}/{offer.name}"
    assert key in ASK, f"say in ASK how to ask for {key}"
    return ASK[key]


@pytest.fixture
def leads(offer: Offer, ask: Ask, counter: Counter) -> list[Contact]:
    """Leads that the provider knows, as many as a conversation takes."""
    known = ask.known(counter.sandbox.world)
    assert len(known) >= 3
    return known[: offer.batch]


def answered(offer: Offer, bought: Bought, leads: Sequence[Contact]) -> list[Contact | None]:
    pairs = zip(bought.replies, leads, strict=True)
    return [None if raw is None else offer.read(raw, lead) for raw, lead in pairs]


def test_names_and_prices(offer: Offer) -> None:
    assert offer.provider in get_args(ProviderName)
    assert offer.name
    assert offer.fills
    assert offer.fills <= {*get_args(Fillable), "email_status"}
    assert offer.batch >= 1
    assert offer.credits_each >= 0


def test_it_wants_whom_it_can_ask_about(offer: Offer, leads: list[Contact]) -> None:
    assert all(offer.wants(lead) for lead in leads)
    assert not offer.wants(Contact())


def test_one_question_is_one_fact(offer: Offer, ask: Ask, counter: Counter) -> None:
    known = ask.known(counter.sandbox.world)
    facts = [offer.fact(lead) for lead in known]
    assert len(set(facts)) == len(facts)
    assert facts == [offer.fact(deepcopy(lead)) for lead in known]
    assert not [fact for fact in facts if KEY in fact]


def test_it_costs_what_it_says(offer: Offer, leads: list[Contact], counter: Counter) -> None:
    before = counter.charged(offer.provider)
    bought = counter.buy(offer, leads)
    assert bought.credits == counter.charged(offer.provider) - before
    assert 0 < bought.credits <= offer.credits_each * len(leads)


def test_an_answer_says_something_it_sells(offer: Offer, leads: list[Contact], counter: Counter) -> None:
    found = answered(offer, counter.buy(offer, leads), leads)
    assert len(found) == len(leads)
    for one in found:
        assert one
        held = {name for name in offer.fills if value(one, name) is not None}
        assert held


def value(contact: Contact, field: str) -> object:
    """A field as campaign files name it."""
    if field == "company_phone":
        return contact.company.phone
    return getattr(contact if hasattr(contact, field) else contact.company, field)


def test_who_is_not_known_is_nobody(offer: Offer, ask: Ask, counter: Counter) -> None:
    stranger = ask.unknown(counter.sandbox.world)
    if stranger is None:
        return
    before = counter.charged(offer.provider)
    assert offer.wants(stranger)
    bought = counter.buy(offer, [stranger])
    assert list(bought.replies) == [None]
    assert bought.credits == counter.charged(offer.provider) - before


def test_a_batch_says_what_one_by_one_says(offer: Offer, ask: Ask, counter: Counter) -> None:
    world = counter.sandbox.world
    leads = [*ask.known(world), *filter(None, [ask.unknown(world)])] * 2  # long enough for bulk ways
    leads = leads[: offer.batch]
    together = answered(offer, counter.buy(offer, leads), leads)
    assert together == [answered(offer, counter.buy(offer, [lead]), [lead])[0] for lead in leads]


def test_a_job_is_collected_by_its_ticket_by_whomever_and_for_nothing(
    offer: Offer, leads: list[Contact], counter: Counter
) -> None:
    if not isinstance(offer, Jobs):
        return
    many = [
        replace(lead, email=f"{place}.{lead.email}") if lead.email else lead for place, lead in enumerate(leads * 2)
    ]
    ticket = counter.hold(offer.ask(many, Drift()))
    before = counter.charged(offer.provider)
    assert isinstance(ticket, Ticket)
    bought = counter.hold(deepcopy(offer).collect(Ticket(ticket.id), len(many), Drift()))
    assert counter.hold(offer.collect(ticket, len(many), Drift(), waits=False)) == bought
    assert counter.charged(offer.provider) == before
    assert [bool(one) for one in answered(offer, bought, many)] == [True] * len(many)


def test_what_is_in_the_contract_is_no_drift_and_what_is_new_is(
    offer: Offer, leads: list[Contact], counter: Counter
) -> None:
    counter.drift = Drift()
    counter.buy(offer, leads)
    assert not counter.drift.fields
    assert sum(counter.drift.records.values()) > 0
    counter.buy(offer, leads, alter=secretly)
    told = {field for _, field, kind in counter.drift.fields if kind == "unknown"}
    assert any(field.endswith("zz_surprise") for field in told) or offer.provider == "http"


def test_a_field_that_is_new_harms_nothing(offer: Offer, leads: list[Contact], counter: Counter) -> None:
    def fields(found: Sequence[Contact | None]) -> list[tuple[object, ...]]:
        return [tuple(value(one, name) for name in sorted(offer.fills)) for one in found if one]

    usual = fields(answered(offer, counter.buy(offer, leads), leads))
    assert fields(answered(offer, counter.buy(offer, leads, alter=secretly), leads)) == usual != []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"<html>gateway</html>"])
def test_a_body_that_is_no_answer(offer: Offer, leads: list[Contact], counter: Counter, body: bytes) -> None:
    with pytest.raises(Unreadable):
        counter.buy(offer, leads, alter=lambda _: body)


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"'])
def test_an_answer_of_another_kind_says_nothing(
    offer: Offer, leads: list[Contact], counter: Counter, body: bytes
) -> None:
    try:
        bought = counter.buy(offer, leads, alter=lambda _: body)
    except Unreadable:
        return
    assert [raw for raw in bought.replies if raw is not None] == []


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"<html>"])
def test_a_kept_reply_that_is_none(offer: Offer, raw: bytes) -> None:
    with pytest.raises(Unreadable):
        offer.read(raw, NOBODY)


@pytest.mark.parametrize("raw", [b"null", b"[]", b"{}", b'"text"', b'{"data": 1}'])
def test_a_kept_reply_of_another_kind_says_nothing(offer: Offer, raw: bytes) -> None:
    try:
        found = offer.read(raw, Contact())
    except Unreadable:
        return
    assert found is None or [name for name in offer.fills if value(found, name) is not None] == []


def test_a_wrong_key(offer: Offer, leads: list[Contact], counter: Counter) -> None:
    before = counter.charged(offer.provider)
    with pytest.raises(CredentialRefused) as caught:
        counter.buy(offer, leads, key="invalid-5f1c")
    assert "invalid-5f1c" not in str(caught.value)
    assert counter.charged(offer.provider) == before


def test_too_fast(offer: Offer, leads: list[Contact], counter: Counter) -> None:
    counter.weather(offer.provider, rate_429=1)
    with pytest.raises(RateLimited):
        counter.buy(offer, leads)


def test_a_service_that_is_ill(offer: Offer, leads: list[Contact], counter: Counter) -> None:
    counter.weather(offer.provider, rate_5xx=1)
    with pytest.raises(Unavailable):
        counter.buy(offer, leads)


def test_a_plan_that_is_used_up(offer: Offer, ask: Ask, leads: list[Contact], counter: Counter) -> None:
    if not ask.small:
        return

    def use_up() -> None:
        for _ in range(MOST_ASKS):
            counter.buy(offer, leads, key=f"small-{offer.name}")

    with pytest.raises(QuotaUsedUp):
        use_up()


def test_nothing_of_a_person_in_what_is_printed(offer: Offer, leads: list[Contact], counter: Counter) -> None:
    bought = counter.buy(offer, leads)
    printed = repr(bought) + repr(answered(offer, bought, leads)) + repr(offer)
    held = {
        text
        for lead in (*leads, *answered(offer, bought, leads))
        if lead
        for text in (lead.email, lead.full_name)
        if text
    }
    assert [text for text in held if text in printed] == []
    assert KEY not in printed


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_in_service_or_not(provider: Provider, counter: Counter) -> None:
    assert provider.retired(f"{counter.url}/{provider.name}") is None
    home = APIS[provider.name].base_url if provider.name in APIS else "https://api.example.com"
    reason = provider.retired(home)
    assert reason is None or f"LEADS_{provider.name.upper()}_URL" in reason


def test_every_row_is_of_an_offer() -> None:
    assert ASK.keys() <= OFFERS.keys()


def test_the_counter_notices_what_was_not_charged(counter: Counter) -> None:
    """The judge of the prices can be wrong itself: it must see a credit."""
    lead = ASK["apollo/match"].known(counter.sandbox.world)[0]
    before = counter.charged("apollo")
    counter.buy(OFFERS["apollo/match"], [lead])
    assert counter.charged("apollo") == before + 1
