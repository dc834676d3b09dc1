"""Proxycurl's legacy contract on the wire, fact by fact as its sheet says."""

from collections.abc import Iterator

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
    return build(Options(people=100, companies=40), clock=lambda: 1_795_000_000.0)


@pytest.fixture(scope="module")
def base(sandbox: Sandbox) -> Iterator[str]:
    with serving(sandbox) as url:
        yield f"{url}/proxycurl/proxycurl/api"


class Proxycurl:
    """A caller with its own key."""

    def __init__(self, base: str, key: str) -> None:
        self.base = base
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **query: str) -> requests.Response:
        return requests.get(self.base + path, params=query, headers=self.headers, timeout=5)


@pytest.fixture
def service(base: str, request: pytest.FixtureRequest) -> Proxycurl:
    return Proxycurl(base, request.node.name)


def people(sandbox: Sandbox, *, known: bool) -> list[Person]:
    return [
        person
        for person in sandbox.world.people
        if (mailboxes.chance("proxycurl", "knows", person.identity) < 0.65) is known and person.name.last
    ]


def test_a_profile_by_url(service: Proxycurl, sandbox: Sandbox) -> None:
    person, before = people(sandbox, known=True)[0], sandbox.charges.credits["proxycurl"]
    told = service.get("/v2/linkedin", url=f"https://uk.linkedin.com/in/{person.slug}/?trk=x", use_cache="if-present")
    older = service.get("/v2/linkedin", linkedin_profile_url=f"linkedin.com/in/{person.slug}")
    assert told.json() == older.json()
    assert told.json()["full_name"] == person.name.full
    assert [job["company"] for job in told.json()["experiences"] if not job["ends_at"]] == [person.company.name]
    assert sandbox.charges.credits["proxycurl"] - before == 2


def test_a_profile_by_name_and_domain(service: Proxycurl, sandbox: Sandbox) -> None:
    person = people(sandbox, known=True)[0]
    asked = {
        "first_name": person.name.first,
        "last_name": person.name.last,
        "company_domain": person.company.domain,
    }
    bare = service.get("/linkedin/profile/resolve", **asked).json()
    whole = service.get("/linkedin/profile/resolve", **asked, enrich_profile="enrich").json()
    assert (bare["profile"], whole["profile"]["last_name"]) == (None, person.name.last)
    assert bare["url"] == whole["url"] == f"https://www.linkedin.com/in/{whole['profile']['public_identifier']}"


def test_a_company_by_url(service: Proxycurl, sandbox: Sandbox) -> None:
    answers = [service.get("/linkedin/company", url=company.linkedin_url) for company in sandbox.world.employers]
    assert {answer.status_code for answer in answers} == {200, 404}
    for company, answer in zip(sandbox.world.employers, answers, strict=True):
        if answer.status_code == 200 and sandbox.world.companies_by_page[company.linkedin_url[32:]] is company:
            least, most = answer.json()["company_size"]
            assert least <= company.employees <= (most or company.employees)


def test_nobody_is_free(service: Proxycurl, sandbox: Sandbox) -> None:
    before = sandbox.charges.credits["proxycurl"]
    answer = service.get("/v2/linkedin", url=people(sandbox, known=False)[0].linkedin_url)
    assert (answer.status_code, answer.json()["code"]) == (404, 404)
    assert service.get("/v2/linkedin").status_code == 400
    assert sandbox.charges.credits["proxycurl"] == before


def test_keys_credits_and_limit(base: str, sandbox: Sandbox) -> None:
    assert Proxycurl(base, "invalid").get("/v2/linkedin", url="x").status_code == 401
    url, small = people(sandbox, known=True)[0].linkedin_url, Proxycurl(base, "small")
    statuses = [small.get("/v2/linkedin", url=url).status_code for _ in range(31)]
    assert statuses == [200] * 10 + [403] * 20 + [429]
