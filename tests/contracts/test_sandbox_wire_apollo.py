"""Apollo on the wire, fact by fact as its sheet says."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from leadspiders.sandbox.state import Sandbox

NOW = 1_795_000_000.0


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return build(Options(people=400, companies=80), clock=lambda: NOW)


@pytest.fixture(scope="module")
def base(sandbox: Sandbox) -> Iterator[str]:
    with serving(sandbox) as url:
        yield url


class Apollo:
    """A caller with its own key, so that limits of one test are not those of another."""

    def __init__(self, base: str, key: str) -> None:
        self.base = f"{base}/apollo/api/v1/"
        self.headers = {"x-api-key": key} if key else {}

    def post(self, path: str, body: Any = None, **query: Any) -> requests.Response:
        return requests.post(self.base + path, json=body or {}, params=query, headers=self.headers, timeout=5)

    def get(self, path: str, **query: Any) -> requests.Response:
        return requests.get(self.base + path, params=query, headers=self.headers, timeout=5)


@pytest.fixture
def apollo(base: str, request: pytest.FixtureRequest) -> Apollo:
    return Apollo(base, request.node.name)


def test_a_search_is_masked(apollo: Apollo) -> None:
    found = apollo.post("mixed_people/api_search", {"person_titles": ["PPC Manager"], "per_page": 3}).json()
    assert set(found) == {"total_entries", "people"}
    assert len(found["people"]) == 3
    for person in found["people"]:
        assert set(person) == {
            *("id", "first_name", "last_name_obfuscated", "title", "last_refreshed_at", "has_email", "has_city"),
            *("has_state", "has_country", "has_direct_phone", "organization"),
        }
        assert isinstance(person["has_direct_phone"], str)
        assert "domain" not in person["organization"]


def test_filters_in_the_query_are_the_same(apollo: Apollo) -> None:
    body = apollo.post("mixed_people/api_search", {"person_titles": ["PPC Manager", "Media Buyer"]}).json()
    query = apollo.post("mixed_people/api_search", **{"person_titles[]": ["PPC Manager", "Media Buyer"]}).json()
    assert body == query


def test_pages_do_not_overlap_and_are_cut_at_100(apollo: Apollo) -> None:
    pages = [apollo.post("mixed_people/api_search", {"page": page, "per_page": 500}).json() for page in (1, 2)]
    ids = [person["id"] for page in pages for person in page["people"]]
    assert [len(page["people"]) for page in pages] == [100, 100]
    assert len(set(ids)) == 200


def test_pages_end_at_500(apollo: Apollo) -> None:
    assert apollo.post("mixed_people/api_search", {"page": 500}).json()["people"] == []
    refused = apollo.post("mixed_people/api_search", {"page": 501})
    assert refused.status_code == 422
    assert "500" in refused.json()["error"]
    assert apollo.post("mixed_people/api_search", {"page": "x"}).status_code == 422


def test_the_old_search_is_gone(apollo: Apollo) -> None:
    answer = apollo.post("mixed_people/search")
    assert (answer.status_code, answer.json()["error_code"]) == (403, "API_INACCESSIBLE")


@pytest.mark.parametrize("key", ["", "invalid-key", "expired-key"])
def test_a_wrong_key_is_plain_text(base: str, key: str) -> None:
    answer = Apollo(base, key).post("people/match")
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith("Invalid API key")


def test_a_key_without_master_rights_may_match_only(base: str) -> None:
    limited = Apollo(base, "nomaster")
    refused = limited.post("mixed_people/api_search")
    assert (refused.status_code, refused.json()["error_code"]) == (403, "API_INACCESSIBLE")
    assert limited.post("people/match", {"id": "nobody"}).json() == {"person": None}


def test_rate_headers_count_down_to_429(apollo: Apollo) -> None:
    apollo.headers["x-api-key"] = "small"
    first = apollo.post("mixed_people/api_search")
    told = {name: first.headers[name] for name in ("x-rate-limit-minute", "x-minute-usage", "x-minute-requests-left")}
    assert told == {"x-rate-limit-minute": "50", "x-minute-usage": "1", "x-minute-requests-left": "49"}
    assert (first.headers["x-rate-limit-hourly"], first.headers["x-rate-limit-24-hour"]) == ("200", "600")
    for _ in range(49):
        assert apollo.post("mixed_people/api_search", {"per_page": 1}).status_code == 200
    full = apollo.post("mixed_people/api_search")
    assert full.status_code == 429
    assert "50 times per minute" in full.json()["message"]
    assert int(full.headers["retry-after"]) == 60 - NOW % 60
    assert full.headers["x-minute-requests-left"] == "0"
    assert apollo.post("people/match").status_code == 200  # another endpoint, another window


def test_a_match_by_ten_costs_what_it_finds(apollo: Apollo, sandbox: Sandbox) -> None:
    people = [person for person in sandbox.world.people if person.matched][:8]
    lost = next(person for person in sandbox.world.people if not person.matched)
    details = [{"id": person.id} for person in people] + [{"id": lost.id}, {"id": people[0].id}]
    reply = apollo.post("people/bulk_match", {"details": details}).json()
    assert [match and match["id"] for match in reply["matches"]] == [*(p.id for p in people), None, people[0].id]
    assert (reply["status"], reply["total_requested_enrichments"], reply["missing_records"]) == ("success", 10, 1)
    assert (reply["unique_enriched_records"], reply["credits_consumed"]) == (8, 8.0)


@pytest.mark.parametrize(("count", "code"), [(0, "INVALID_REQUEST"), (11, "RECORD_LIMIT_EXCEEDED")])
def test_a_match_takes_one_to_ten(apollo: Apollo, count: int, code: str) -> None:
    answer = apollo.post("people/bulk_match", {"details": [{"id": "x"}] * count})
    assert (answer.status_code, answer.json()["error_code"]) == (400, code)


def test_one_person_by_every_identifier(apollo: Apollo, sandbox: Sandbox) -> None:
    person = next(p for p in sandbox.world.people if p.complete and p.email_good and p.name.last and not p.twin_of)
    company = person.company
    for asked in (
        {"id": person.id},
        {"email": str(person.email).upper()},
        {"linkedin_url": f"https://linkedin.com/in/{person.slug}/"},
        {"first_name": person.name.first, "last_name": person.name.last, "domain": company.domain},
        {"name": person.name.full, "organization_name": company.legal_name},
    ):
        found = apollo.post("people/match", asked).json()["person"]
        assert (found["id"], found["name"], found["organization"]["primary_domain"]) == (
            person.id,
            person.name.full,
            company.domain,
        )


def test_what_a_match_lacks(apollo: Apollo, sandbox: Sandbox) -> None:
    unplaced = next(person for person in sandbox.world.people if "city" in person.hidden)
    found = apollo.post("people/match", id=unplaced.id).json()["person"]
    assert (found["city"], found["state"], found["country"]) == (None, None, "United States")


def test_telephone_numbers_need_a_webhook_and_cost_eight(apollo: Apollo, sandbox: Sandbox) -> None:
    person = next(person for person in sandbox.world.people if person.matched and person.phone)
    assert apollo.post("people/match", id=person.id, reveal_phone_number="true").status_code == 400
    before = sandbox.charges.credits["apollo"]
    hook = "https://hooks.example.com/x"
    reply = apollo.post("people/match", id=person.id, reveal_phone_number="true", webhook_url=hook).json()
    assert isinstance(reply["request_id"], int)
    assert sandbox.charges.credits["apollo"] - before == 9


def test_a_company_by_domain(apollo: Apollo, sandbox: Sandbox) -> None:
    company = sandbox.world.employers[1]
    found = apollo.get("organizations/enrich", domain=company.domain).json()["organization"]
    assert (found["estimated_num_employees"], found["naics_codes"]) == (50, [company.trade.naics])
    assert found["primary_phone"]["sanitized_number"].startswith("+1")
    assert apollo.get("organizations/enrich", domain="nobody.example.com").json() == {"organization": None}


def test_companies_by_ten(apollo: Apollo, sandbox: Sandbox) -> None:
    domains = [sandbox.world.employers[0].domain, "nobody.example.com"]
    reply = apollo.post("organizations/bulk_enrich", {"domains": domains}).json()
    assert [found and found["primary_domain"] for found in reply["organizations"]] == [domains[0], None]
    assert (reply["unique_domains"], reply["missing_records"]) == (2, 1)
    assert apollo.post("organizations/bulk_enrich", {"domains": domains * 6}).status_code == 400


def test_a_company_search_costs_a_credit_a_page(apollo: Apollo, sandbox: Sandbox) -> None:
    before = sandbox.charges.credits["apollo"]
    reply = apollo.post("mixed_companies/search", {"per_page": 50}).json()
    assert sandbox.charges.credits["apollo"] - before == 1
    assert reply["accounts"]
    assert len(reply["accounts"]) + len(reply["organizations"]) == 50
    assert all("organization_id" in account for account in reply["accounts"])
    assert not any("estimated_num_employees" in found for found in reply["organizations"])
    assert reply["pagination"]["total_pages"] == -(-reply["pagination"]["total_entries"] // 50)


def test_credits_run_out(base: str, sandbox: Sandbox) -> None:
    poor = Apollo(base, "small-purse")
    ids = [{"id": person.id} for person in sandbox.world.people if person.matched]
    for start in range(0, 50, 10):
        assert poor.post("people/bulk_match", {"details": ids[start : start + 10]}).status_code == 200
    empty = poor.post("people/bulk_match", {"details": ids[:10]})
    assert empty.status_code == 422
    assert "credits" in empty.json()["error"]
    usage = poor.post("usage_stats/credit_usage_stats").json()["credit_usage_stats"]["lead_credit"]
    assert usage == {"limit": 50, "consumed": 50, "left_over": 0}


def test_usage_by_endpoint(apollo: Apollo) -> None:
    apollo.post("people/bulk_match", {"details": [{"id": "x"}]})
    usage = apollo.post("usage_stats/api_usage_stats").json()
    assert usage['["api/v1/people", "bulk_match"]']["minute"] == {"limit": 500, "consumed": 1, "left_over": 499}
    assert usage['["api/v1/mixed_people", "api_search"]']["day"]["limit"] == 50_000


def test_a_filter_that_apollo_does_not_know_is_noted(apollo: Apollo, sandbox: Sandbox) -> None:
    apollo.post("mixed_people/api_search", {"naics_codes": ["5413"]})
    assert sandbox.tally.unknown_parameters["apollo"]["naics_codes"] == 1
