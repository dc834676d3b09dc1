"""Dropcontact on the wire, fact by fact as its sheet says."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from leadspiders.sandbox.state import Sandbox
from leadspiders.sandbox.world import mailboxes
from leadspiders.sandbox.world.people import Person


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return build(Options(people=300, companies=40), clock=lambda: 1_795_000_000.0)


@pytest.fixture(scope="module")
def base(sandbox: Sandbox) -> Iterator[str]:
    with serving(sandbox) as url:
        yield url


class Dropcontact:
    """A caller with its own key."""

    def __init__(self, base: str, key: str) -> None:
        self.base = f"{base}/dropcontact/v1/"
        self.headers = {"X-Access-Token": key} if key else {}

    def submit(self, *records: Any, **more: Any) -> requests.Response:
        body = {"data": list(records), "siren": False, "language": "en"} | more
        return requests.post(self.base + "enrich/all", json=body, headers=self.headers, timeout=5)

    def fetch(self, request_id: str, **query: str) -> dict[str, Any]:
        answer = requests.get(f"{self.base}enrich/all/{request_id}", params=query, headers=self.headers, timeout=5)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    def credits(self) -> requests.Response:
        return requests.get(self.base + "account/credits", headers=self.headers, timeout=5)

    def records(self, *records: Any, **more: Any) -> list[dict[str, Any]]:
        request_id = self.submit(*records, **more).json()["request_id"]
        self.fetch(request_id)
        found: list[dict[str, Any]] = self.fetch(request_id)["data"]
        return found


@pytest.fixture
def service(base: str, request: pytest.FixtureRequest) -> Dropcontact:
    return Dropcontact(base, request.node.name)


def sent(person: Person) -> dict[str, Any]:
    return {"full_name": person.name.full, "website": person.company.domain, "custom_fields": {"n": person.id}}


def known(sandbox: Sandbox) -> list[Person]:
    """People whose address it can work out, and whom no namesake stands before."""
    return [
        person
        for person in sandbox.world.people
        if mailboxes.knows("dropcontact", person)
        and [one.identity for one in sandbox.world.by_domain[person.company.domain] if one.name == person.name]
        == [person.identity]
    ]


def test_it_is_ready_at_the_second_look_and_stays_in_the_order_of_the_call(
    service: Dropcontact, sandbox: Sandbox
) -> None:
    people = known(sandbox)[:20]
    submitted = service.submit(*map(sent, people)).json()
    assert set(submitted) == {"request_id", "success", "error", "credits_left"}
    waiting = service.fetch(submitted["request_id"])
    assert (waiting["success"], waiting["error"]) == (False, False)
    assert waiting["reason"] == "Request not ready yet, try again in 30 seconds"
    ready = service.fetch(submitted["request_id"])
    assert (ready["success"], ready["error"]) == (True, False)
    assert [record["custom_fields"]["n"] for record in ready["data"]] == [person.id for person in people]
    assert [record["email"][0]["email"] for record in ready["data"]] == [person.mailbox for person in people]
    assert ready["credits_left"] == submitted["credits_left"] - len(people)
    assert service.fetch(submitted["request_id"]) == ready


def test_a_wrong_id_is_never_ready(service: Dropcontact, sandbox: Sandbox, base: str) -> None:
    request_id = service.submit(sent(known(sandbox)[0])).json()["request_id"]
    for asker, asked in ((service, "nothing"), (Dropcontact(base, "other"), request_id)):
        assert {asker.fetch(asked)["success"] for _ in range(4)} == {False}
    assert service.fetch("nothing", forceResults="true")["success"] is False


def test_a_part_can_be_had_at_once(service: Dropcontact, sandbox: Sandbox) -> None:
    request_id = service.submit(*map(sent, known(sandbox)[:4])).json()["request_id"]
    assert len(service.fetch(request_id, forceResults="true")["data"]) == 2
    assert len(service.fetch(request_id)["data"]) == 4


@pytest.mark.parametrize("key", ["", "invalid-key"])
def test_a_wrong_key(base: str, key: str) -> None:
    answer = Dropcontact(base, key).submit({})
    assert (answer.status_code, answer.json()["error"]) == (401, True)


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ([], "Missing data"),
        ([{"full_name": "Dana Field"}], "Missing data"),
        ([{"email": "a@example.com", "mood": "good"}], "unexpected_field"),
        ([{"email": "a@example.com"}] * 251, "Too many"),
        ([{"email": "a@example.com", "custom_fields": {"x": "y" * 15_000}}], "15 kB"),
    ],
)
def test_what_it_refuses_as_a_whole(service: Dropcontact, records: list[Any], reason: str) -> None:
    answer = service.submit(*records)
    assert answer.status_code == 400
    assert answer.json()["reason"].startswith(reason) or reason in answer.json()["reason"]


def test_credits_that_do_not_reach(base: str, sandbox: Sandbox) -> None:
    small = Dropcontact(base, "small")
    people = known(sandbox)[:6]
    assert small.submit(*map(sent, people)).status_code == 403
    assert small.submit(*map(sent, people[:5])).status_code == 200
    assert small.credits().json()["credits_left"] == 0


def test_an_address_is_charged_and_charged_again_and_nothing_found_is_free(
    service: Dropcontact, sandbox: Sandbox
) -> None:
    charges, before = sandbox.charges, sandbox.charges.credits["dropcontact"]
    twice = sandbox.charges.charged_twice("dropcontact")
    person = known(sandbox)[30]
    for _ in range(2):
        service.submit(sent(person), {"full_name": "Nobody Nowhere", "company": "Nothing"})
    assert charges.credits["dropcontact"] - before == 2
    assert charges.charged_twice("dropcontact") - twice == 1
    assert charges.facts["dropcontact"][f"email:{person.identity}"] == 2


def test_an_address_that_is_sent_is_judged_by_the_truth(service: Dropcontact, sandbox: Sandbox) -> None:
    addresses = [person.mailbox for person in sandbox.world.people if person.twin_of is None][:200]
    records = service.records(*({"email": address} for address in addresses))
    told = {"nominative": "valid", "catch": "catch-all", "invalid": "invalid"}
    for address, record in zip(addresses, records, strict=True):
        word = record["email"][0]["qualification"].lower().replace("-", "_").split("@")[0].split("_")[0]
        if word != "do":
            assert told[word] == mailboxes.truth(sandbox.world, address)


def test_words_come_in_changing_spellings_and_french(service: Dropcontact, sandbox: Sandbox) -> None:
    people = known(sandbox)[:150]
    words = {record["email"][0]["qualification"] for record in service.records(*map(sent, people))}
    assert {"nominative@pro", "Nominative@Pro"} < words
    french = service.records(*map(sent, people), language="fr")
    assert any(record["email"][0]["qualification"].startswith("nominatif") for record in french)


def test_too_fast(base: str) -> None:
    hasty = Dropcontact(base, "hasty")
    answers = [hasty.credits().status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
