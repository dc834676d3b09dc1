"""Clearbit's legacy contract on the wire, fact by fact as its sheet says."""

from collections.abc import Iterator

import pytest
import requests

from leadspiders.sandbox.apis import clearbit
from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from leadspiders.sandbox.state import Sandbox
from leadspiders.sandbox.world import mailboxes


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return build(Options(people=200, companies=80), clock=lambda: 1_795_000_000.0)


@pytest.fixture(scope="module")
def base(sandbox: Sandbox) -> Iterator[str]:
    with serving(sandbox) as url:
        yield f"{url}/clearbit"


class Clearbit:
    """A caller with its own key."""

    def __init__(self, base: str, key: str) -> None:
        self.base = base
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **query: str) -> requests.Response:
        return requests.get(self.base + path, params=query, headers=self.headers, timeout=5)

    def company(self, domain: str) -> requests.Response:
        return self.get("/v2/companies/find", domain=domain)


@pytest.fixture
def service(base: str, request: pytest.FixtureRequest) -> Clearbit:
    return Clearbit(base, request.node.name)


def queued(fact: str) -> bool:
    return mailboxes.chance("clearbit", "queued", fact) < clearbit.QUEUED_SHARE


def domains(sandbox: Sandbox, *, known: bool, slow: bool = False) -> list[str]:
    return [
        company.domain
        for company in sandbox.world.employers
        if (mailboxes.chance("clearbit", "company", company.id) < 0.7) is known
        and queued(f"domain:{company.domain}") is slow
    ]


def test_a_company_by_domain(service: Clearbit, sandbox: Sandbox) -> None:
    domain = domains(sandbox, known=True)[0]
    told = service.company(domain.upper()).json()
    truth = sandbox.world.companies_by_domain[domain]
    assert (told["name"], told["domain"], told["category"]["naicsCode"]) == (truth.name, domain, truth.trade.naics)
    assert told["metrics"]["employees"] in {truth.employees, None}


def test_a_domain_by_name_and_a_person_by_address(service: Clearbit, sandbox: Sandbox) -> None:
    company = sandbox.world.companies_by_domain[domains(sandbox, known=True)[0]]
    named = {service.get("/v1/domains/find", name=company.name).json().get("domain") for _ in range(3)}
    assert company.domain in named
    statuses = {service.get("/v2/combined/find", email=person.mailbox).status_code for person in sandbox.world.people}
    assert statuses == {200, 202, 404}


def test_an_unknown_one_costs_as_much_and_a_repeat_again(service: Clearbit, sandbox: Sandbox) -> None:
    domain, before = domains(sandbox, known=False)[0], sandbox.charges.credits["clearbit"]
    answers = [service.company(domain) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["error"]["type"] == "unknown_record"
    assert sandbox.charges.credits["clearbit"] - before == 2


def test_what_is_queued_counts_once(service: Clearbit, sandbox: Sandbox) -> None:
    domain, before = domains(sandbox, known=True, slow=True)[0], sandbox.charges.credits["clearbit"]
    assert [service.company(domain).status_code for _ in range(3)] == [202, 202, 200]
    assert sandbox.charges.credits["clearbit"] - before == 1


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v2/companies/find", {"domain": "no domain"}),
        ("/v2/companies/find", {}),
        ("/v2/combined/find", {"email": "nobody"}),
        ("/v1/domains/find", {"name": ""}),
    ],
)
def test_what_is_no_question(service: Clearbit, path: str, query: dict[str, str]) -> None:
    assert service.get(path, **query).status_code == 422


def test_keys(base: str) -> None:
    wrong = Clearbit(base, "invalid").company("a.example.com")
    assert (wrong.status_code, wrong.json()["error"]["type"]) == (401, "auth_invalid")
    url = f"{base}/v2/companies/find"
    basic = requests.get(url, params={"domain": "a.example.com"}, auth=("key", ""), timeout=5)
    assert basic.status_code == 404
    assert requests.get(url, params={"domain": "a.example.com"}, auth=("invalid", ""), timeout=5).status_code == 401


def test_a_quota_and_a_limit(base: str) -> None:
    small = Clearbit(base, "small")
    answers = [small.company(f"c{number}.example.com") for number in range(31)]
    assert [answer.status_code for answer in answers].count(402) == 10
    assert answers[-1].status_code == 429
    assert [answers[0].headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining")] == ["30", "29"]
    assert answers[-1].headers["X-RateLimit-Remaining"] == "0"
    assert 0 < int(answers[-1].headers["X-RateLimit-Reset"]) <= 60
