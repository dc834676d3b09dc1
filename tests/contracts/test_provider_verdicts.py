"""Finder and verifiers against the truth of the sandbox: they may not know, but they do not make things up."""

from collections.abc import Iterator
from itertools import islice

import pytest

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.providers import hunter, neverbounce
from leadspiders.providers.provider import Offer
from leadspiders.sandbox.apis import hunter_records
from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.world import mailboxes
from leadspiders.sandbox.world.people import Person
from tests.contracts.counter import Counter

RIGHT = {"valid": "valid", "catch-all": "risky", "invalid": "invalid"}


@pytest.fixture(scope="module")
def counter() -> Iterator[Counter]:
    counter = Counter()
    with serving(counter.sandbox) as counter.url:
        yield counter


def people(counter: Counter, *, claimed: bool = False) -> Iterator[Person]:
    """People with a first and a last name, who have not asked Hunter to forget them, or who have."""
    for one in counter.sandbox.world.people:
        if one.name.last and one.twin_of is None and hunter_records.claimed(one) is claimed:
            yield one


def lead(one: Person, email: str | None = None) -> Contact:
    company = Company(domain=one.company.domain)
    return Contact(first_name=one.name.first, last_name=one.name.last, email=email, company=company)


def ask(counter: Counter, offer: Offer, leads: list[Contact]) -> list[Contact | None]:
    bought = [counter.buy(offer, leads[at : at + offer.batch]) for at in range(0, len(leads), offer.batch)]
    pairs = zip((raw for one in bought for raw in one.replies), leads, strict=True)
    return [None if raw is None else offer.read(raw, lead) for raw, lead in pairs]


@pytest.mark.parametrize("offer", [hunter.Verifier(), neverbounce.Verdict()], ids=lambda offer: offer.provider)
def test_a_verdict_is_the_truth_or_unknown(counter: Counter, offer: Offer) -> None:
    hosts = [one.company.domain for one in islice(people(counter), 15)]
    wild = (one.mailbox for one in people(counter) if mailboxes.catch_all(one.company.domain))
    addresses = [one.mailbox for one in islice(people(counter), 60)] + list(islice(wild, 5))
    addresses += [f"nobody.here@{host}" for host in hosts]
    found = ask(counter, offer, [Contact(email=address) for address in addresses])
    truth = [RIGHT[mailboxes.truth(counter.sandbox.world, address)] for address in addresses]
    said = [one and one.email_status for one in found]
    pairs = list(zip(truth, said, strict=True))
    assert [(right, word) for right, word in pairs if word not in (right, "unknown", None)] == []
    assert sum(word == right for right, word in pairs) > 0.85 * len(addresses)
    assert set(RIGHT.values()) <= set(said)


def test_the_finder_knows_its_part_of_those_apollo_has_no_address_of(counter: Counter) -> None:
    asked = list(islice(people(counter), 80))
    found = ask(counter, hunter.Finder(), [lead(one) for one in asked])
    for one, answer in zip(asked, found, strict=True):
        if mailboxes.knows("hunter", one):
            assert answer
            assert answer.email == one.mailbox
        elif answer:  # a guess by the pattern of a host that takes every name
            assert answer.email_status == "risky"
    assert 0.5 < sum(answer is not None for answer in found) / len(asked) < 0.9


def test_a_page_of_a_company_serves_all_its_people_by_their_names_for_one_price(counter: Counter) -> None:
    staff: dict[str, list[Person]] = {}
    for one in people(counter):
        staff.setdefault(one.company.domain, []).append(one)
    domain, asked = max(staff.items(), key=lambda pair: sum(mailboxes.knows("hunter", one) for one in pair[1]))
    stranger = Contact(first_name="No", last_name="Body", company=Company(domain=domain))
    before = counter.charged("hunter")
    found = ask(counter, hunter.DomainSearch(), [stranger, *map(lead, asked)][:10])
    assert counter.charged("hunter") == before + 1
    assert found[0] is None
    known = [one.mailbox if mailboxes.knows("hunter", one) else None for one in asked][:9]
    assert [one and one.email for one in found[1:]] == known
    assert len([one for one in known if one]) > 1


def test_who_has_asked_hunter_to_stop_comes_back_with_a_flag_and_nothing_else(counter: Counter) -> None:
    one = next(people(counter, claimed=True))
    before = counter.charged("hunter")
    told = ask(counter, hunter.Finder(), [lead(one)]) + ask(counter, hunter.Verifier(), [lead(one, one.mailbox)])
    assert told == [Contact(flags=["do-not-contact"])] * 2
    assert counter.charged("hunter") == before


def test_a_few_addresses_are_checked_singly_and_more_are_a_job(counter: Counter) -> None:
    calls = counter.sandbox.tally.calls["neverbounce"]
    for count, path in ((neverbounce.JOB_FROM - 1, "single/check"), (neverbounce.JOB_FROM, "jobs/create")):
        before = calls[f"POST /v4.2/{path}"]
        ask(counter, neverbounce.Verdict(), [Contact(email=f"a{n}@freemail.example.com") for n in range(count)])
        assert calls[f"POST /v4.2/{path}"] - before == (count if path == "single/check" else 1)
