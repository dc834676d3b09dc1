"""Hunter on the wire, fact by fact as its sheet says."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from leadspiders.sandbox.apis import hunter, hunter_records
from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from leadspiders.sandbox.state import Sandbox
from leadspiders.sandbox.world import mailboxes
from leadspiders.sandbox.world.people import Person

NOW = 1_795_000_000.0


@pytest.fixture(scope="module")
def clock() -> list[float]:
    return [NOW]


@pytest.fixture(scope="module")
def sandbox(clock: list[float]) -> Sandbox:
    return build(Options(people=600, companies=40), clock=lambda: clock[0])


@pytest.fixture(scope="module")
def base(sandbox: Sandbox) -> Iterator[str]:
    with serving(sandbox) as url:
        yield url


class Hunter:
    """A caller with its own key, so that limits of one test are not those of another."""

    def __init__(self, base: str, key: str) -> None:
        self.base = f"{base}/hunter/v2/"
        self.headers = {"X-API-KEY": key} if key else {}

    def get(self, path: str, **query: Any) -> requests.Response:
        return requests.get(self.base + path, params=query, headers=self.headers, timeout=5)

    def find(self, person: Person) -> requests.Response:
        name = {"first_name": person.name.first, "last_name": person.name.last}
        return self.get("email-finder", domain=person.company.domain, **name)


@pytest.fixture
def api(base: str, request: pytest.FixtureRequest) -> Hunter:
    return Hunter(base, request.node.name)


def somebody(sandbox: Sandbox, fits: Callable[[Person], bool]) -> Person:
    """The first person with a plain name whom it fits."""
    return next(p for p in sandbox.world.people if p.name.last and p.twin_of is None and fits(p))


def on_file(person: Person) -> bool:
    return mailboxes.knows("hunter", person) and not hunter_records.claimed(person)


def quick(address: str) -> bool:
    """Whether the verifier answers the first question."""
    return (
        mailboxes.chance("hunter slow", address) >= hunter.SLOW
        and mailboxes.chance("hunter odd", address) >= hunter.ODD
    )


def error(answer: requests.Response) -> tuple[int, str]:
    [told] = answer.json()["errors"]
    assert told["code"] == answer.status_code
    return answer.status_code, told["id"]


def test_a_person_is_found_with_the_right_address(api: Hunter, sandbox: Sandbox) -> None:
    person = somebody(sandbox, on_file)
    before = sandbox.charges.facts.get("hunter", {}).get(f"find:{person.mailbox}", 0)
    body = api.find(person).json()
    data = body["data"]
    assert set(data) == {
        *("first_name", "last_name", "email", "score", "domain", "accept_all", "position", "twitter", "linkedin_url"),
        *("phone_number", "company", "sources", "verification"),
    }
    assert data["email"] == person.mailbox
    assert body["meta"]["params"]["domain"] == person.company.domain
    assert sandbox.charges.facts["hunter"][f"find:{person.mailbox}"] == before + 1


def test_a_person_by_full_name_or_profile(api: Hunter, sandbox: Sandbox) -> None:
    person = somebody(sandbox, on_file)
    named = api.get("email-finder", company=person.company.name, full_name=person.name.full.upper())
    by_profile = api.get("email-finder", linkedin_handle=person.slug)
    assert named.json()["data"]["email"] == by_profile.json()["data"]["email"] == person.mailbox


def test_nobody_found_is_free_and_has_two_shapes(api: Hunter, sandbox: Sandbox) -> None:
    before = sandbox.charges.credits["hunter"]
    unknown = somebody(sandbox, lambda p: not on_file(p) and not hunter_records.claimed(p) and not at_catch_all(p))
    found = api.find(unknown)
    assert (found.status_code, found.json()["data"]["email"]) == (200, None)
    assert error(api.get("email-finder", domain="nobody.example.com", full_name="A B")) == (404, "not_found")
    assert sandbox.charges.credits["hunter"] == before


def at_catch_all(person: Person) -> bool:
    return mailboxes.catch_all(person.company.domain)


def test_a_guess_at_a_host_that_takes_any_name(api: Hunter, sandbox: Sandbox) -> None:
    data = api.find(somebody(sandbox, lambda p: not on_file(p) and at_catch_all(p))).json()["data"]
    assert data["email"].endswith(data["domain"])
    assert (data["verification"]["status"], data["accept_all"]) == ("accept_all", True)


def test_the_verifier_tells_the_truth(api: Hunter, sandbox: Sandbox) -> None:
    host = next(company.domain for company in sandbox.world.marketing if not mailboxes.catch_all(company.domain))
    lost = next(f"nobody{n}@{host}" for n in range(99) if quick(f"nobody{n}@{host}"))
    good = somebody(sandbox, lambda p: mailboxes.truth(sandbox.world, p.mailbox) == "valid" and quick(p.mailbox))
    wild = somebody(sandbox, lambda p: at_catch_all(p) and quick(p.mailbox) and not hunter_records.claimed(p))
    for address, status, result in (
        (lost, "invalid", "undeliverable"),
        (good.mailbox.upper(), "valid", "deliverable"),
        (wild.mailbox, "accept_all", "risky"),
    ):
        data = api.get("email-verifier", email=address).json()["data"]
        assert (data["status"], data["result"], data["email"]) == (status, result, address)


def test_a_verification_that_takes_its_time_is_charged_once(api: Hunter, sandbox: Sandbox) -> None:
    address = next(
        f"slow{n}@gmail.com" for n in range(999) if mailboxes.chance("hunter slow", f"slow{n}@gmail.com") < 0.1
    )
    answers = [api.get("email-verifier", email=address) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 200, 200]
    assert answers[0].json()["data"] == {}
    assert sandbox.charges.facts["hunter"][f"verify:{address}"] == 2  # the second question, once it was answered


def test_a_mail_server_that_answers_oddly_does_better_the_second_time(api: Hunter) -> None:
    odd = (f"odd{n}@gmail.com" for n in range(999))
    address = next(
        a for a in odd if mailboxes.chance("hunter odd", a) < 0.02 and mailboxes.chance("hunter slow", a) > 0.1
    )
    assert [api.get("email-verifier", email=address).status_code for _ in range(2)] == [222, 200]


def test_who_has_claimed_the_address_is_not_told_of(api: Hunter, sandbox: Sandbox) -> None:
    person = somebody(sandbox, hunter_records.claimed)
    before = sandbox.charges.credits["hunter"]
    for answer in (api.find(person), api.get("email-verifier", email=person.mailbox)):
        assert error(answer) == (451, "claimed_email")
        assert person.mailbox not in answer.text
    listed = api.get("domain-search", domain=person.company.domain, limit=100)
    assert person.mailbox not in listed.text
    assert sandbox.charges.credits["hunter"] <= before + 1  # the list


def test_a_domain_is_listed_by_pages(api: Hunter, sandbox: Sandbox) -> None:
    domain = max(sandbox.world.by_domain, key=lambda each: len(sandbox.world.by_domain[each]))
    whole = api.get("domain-search", domain=domain, limit=100).json()
    assert whole["meta"]["results"] == len(whole["data"]["emails"]) > 2
    pages = [api.get("domain-search", domain=domain, limit=2, offset=offset).json() for offset in (0, 2)]
    assert [entry for page in pages for entry in page["data"]["emails"]] == whole["data"]["emails"][:4]
    assert whole["data"]["pattern"] == "{first}.{last}"
    people = api.get("domain-search", domain=domain, limit=100, type="personal", required_field="full_name").json()
    assert {entry["type"] for entry in people["data"]["emails"]} == {"personal"}
    count = api.get("email-count", domain=domain).json()["data"]
    assert count["total"] == whole["meta"]["results"] == count["personal_emails"] + count["generic_emails"]


def test_an_empty_page_and_a_count_are_free(api: Hunter, sandbox: Sandbox) -> None:
    before = sandbox.charges.credits["hunter"]
    assert api.get("domain-search", domain="nobody.example.com").json()["data"]["emails"] == []
    assert api.get("email-count", domain=sandbox.world.marketing[0].domain).status_code == 200
    assert sandbox.charges.credits["hunter"] == before


@pytest.mark.parametrize(
    ("path", "query", "told"),
    [
        ("domain-search", {}, (400, "wrong_params")),
        ("domain-search", {"domain": "x.example.com", "limit": 101}, (400, "invalid_limit")),
        ("email-finder", {"domain": "x.example.com", "first_name": "A"}, (400, "wrong_params")),
        (
            "email-finder",
            {"domain": "x.example.com", "full_name": "A B", "max_duration": 2},
            (400, "invalid_max_duration"),
        ),
        ("email-verifier", {}, (400, "wrong_params")),
        ("email-verifier", {"email": "no-at-sign"}, (422, "invalid_email")),
    ],
)
def test_wrong_questions(api: Hunter, path: str, query: dict[str, Any], told: tuple[int, str]) -> None:
    assert error(api.get(path, **query)) == told


@pytest.mark.parametrize("key", ["", "invalid-key", "expired-key"])
def test_a_wrong_key(base: str, key: str) -> None:
    assert error(Hunter(base, key).get("account"))[0] == 401


def test_the_key_goes_in_three_ways(base: str) -> None:
    url = f"{base}/hunter/v2/account"
    for ways in (
        {"params": {"api_key": "k"}},
        {"headers": {"Authorization": "Bearer k"}},
        {"headers": {"X-API-KEY": "k"}},
    ):
        assert requests.get(url, timeout=5, **ways).status_code == 200


def test_too_fast_is_403(api: Hunter, sandbox: Sandbox, clock: list[float]) -> None:
    answers = [api.get("email-verifier", email="x@gmail.com").status_code for _ in range(11)]
    assert answers[10] == 403
    assert 403 not in answers[:10]
    assert api.get("email-finder", domain="x.example.com", full_name="A B").status_code == 404  # another window
    clock[0] += 1
    assert api.get("email-verifier", email="x@gmail.com").status_code != 403


def test_a_plan_that_is_used_up_is_429(base: str, clock: list[float]) -> None:
    poor = Hunter(base, "small-plan")
    statuses = []
    for number in range(51):
        clock[0] += 0.2
        statuses.append(poor.get("email-verifier", email=f"quick@{number}.example.com").status_code)
        while statuses[-1] in (202, 222):
            clock[0] += 0.2
            statuses[-1] = poor.get("email-verifier", email=f"quick@{number}.example.com").status_code
    assert statuses == [200] * 50 + [429]
    left = poor.get("account").json()["data"]["requests"]
    assert left == {"searches": {"used": 0, "available": 25}, "verifications": {"used": 50, "available": 50}}
    assert error(poor.get("domain-search", domain="x.example.com", limit=11)) == (400, "pagination_error")


def test_a_parameter_that_hunter_does_not_know_is_noted(api: Hunter, sandbox: Sandbox) -> None:
    api.get("account", color="red")
    assert sandbox.tally.unknown_parameters["hunter"]["color"] == 1
