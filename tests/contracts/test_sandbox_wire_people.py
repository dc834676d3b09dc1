"""The stand-in of described APIs, asked through the files in `fixtures/providers` as an offer asks it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from leadspiders.apis.described.description import read_description
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Reply
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.providers.http import Described
from leadspiders.providers.provider import Bought
from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from leadspiders.sandbox.state import Sandbox
from leadspiders.sandbox.world import mailboxes
from leadspiders.sandbox.world.people import Person

FILES = Path(__file__).parents[2] / "fixtures" / "providers"
PEOPLE, VERDICTS = (Described(read_description(FILES / f"{name}.toml")) for name in ("people", "verdicts"))


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return build(Options(people=80, companies=20), clock=lambda: 1_795_000_000.0)


@pytest.fixture(scope="module")
def base(sandbox: Sandbox) -> Iterator[str]:
    with serving(sandbox) as url:
        yield f"{url}/http"


def ask(base: str, offer: Described, contact: Contact, key: str) -> Bought:
    """One conversation of one call."""
    conversation = offer.ask([contact], Drift())
    call = next(conversation)
    answer = requests.request(
        call.method,
        call.url(base),
        data=call.body() or None,
        headers=call.all_headers() | {"Authorization": f"Bearer {key}"},
        timeout=5,
    )
    reply = Reply(
        status=answer.status_code, url=call.url(base), body=answer.content, received_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    try:
        conversation.send(reply)
    except StopIteration as end:
        bought: Bought = end.value
        return bought
    raise AssertionError("it asks a second time")


def lead(person: Person) -> Contact:
    return Contact(full_name=person.name.full, company=Company(domain=person.company.domain))


def test_what_it_knows_is_true_and_costs_a_credit(base: str, sandbox: Sandbox) -> None:
    known = [person for person in sandbox.world.people if mailboxes.knows("http", person)]
    for person in known[:5]:
        before = sandbox.charges.credits["http"]
        bought = ask(base, PEOPLE, lead(person), "team")
        assert sandbox.charges.credits["http"] - before == bought.credits == 1.0
        found = PEOPLE.read(bought.replies[0] or b"", Contact())
        assert found.company.employees == person.company.employees
        assert (found.email or "").endswith(f"@{person.company.domain}")
        verdict = VERDICTS.read(ask(base, VERDICTS, Contact(email=found.email), "team").replies[0] or b"", Contact())
        assert (verdict.email, verdict.email_status) == (found.email, found.email_status)


def test_what_it_does_not_know_is_free_however_it_says_so(base: str, sandbox: Sandbox) -> None:
    before = sandbox.charges.credits["http"]
    nobody = Contact(full_name="Nobody", email="nobody@nowhere.example.com", company=Company(domain="nowhere.example"))
    for offer in (PEOPLE, VERDICTS):
        bought = ask(base, offer, nobody, "team")
        assert (bought.replies, bought.credits) == ([None], 0.0)
    assert sandbox.charges.credits["http"] == before


def test_refusals(base: str, sandbox: Sandbox) -> None:
    person = next(person for person in sandbox.world.people if mailboxes.knows("http", person))
    with pytest.raises(CredentialRefused):
        ask(base, PEOPLE, lead(person), "invalid")
    for key, times, error in (("small", 5, QuotaUsedUp), ("hasty", 50, RateLimited)):
        for _ in range(times):
            ask(base, PEOPLE, lead(person), key)
        with pytest.raises(error):
            ask(base, PEOPLE, lead(person), key)


def test_another_api_is_refused_and_not_unknown(base: str, sandbox: Sandbox) -> None:
    request = PEOPLE.description.request.model_copy(update={"path": "/v7/persons"})
    other = Described(PEOPLE.description.model_copy(update={"request": request}))
    with pytest.raises(RequestRefused):
        ask(base, other, lead(sandbox.world.people[0]), "team")
