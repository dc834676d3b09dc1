import pytest

from leadspiders.apis.apollo.organizations import (
    bulk_enrich_call,
    read_employer,
    read_enriched,
    read_organization_page,
    search_organizations_call,
)
from leadspiders.errors import ArgumentError, QuotaUsedUp, Unreadable


def test_calls_and_their_price():
    ten = bulk_enrich_call(["a.example.com", "b.example.com"])
    assert (ten.path, ten.json, ten.credits) == (
        "/api/v1/organizations/bulk_enrich",
        {"domains": ["a.example.com", "b.example.com"]},
        2.0,
    )
    page = search_organizations_call(keywords=["saas"], locations=["Ohio, US"], employees=[(50, 1200)], page=3)
    assert (page.path, page.credits) == ("/api/v1/mixed_companies/search", 1.0)
    assert page.json == {
        "q_organization_keyword_tags": ["saas"],
        "organization_locations": ["Ohio, US"],
        "organization_num_employees_ranges": ["50,1200"],
        "page": 3,
        "per_page": 100,
    }


def test_calls_apollo_would_refuse():
    for wrong in (
        lambda: bulk_enrich_call([]),
        lambda: bulk_enrich_call(["x"] * 11),
        lambda: search_organizations_call(page=501),
    ):
        with pytest.raises(ArgumentError):
            wrong()


def test_employers_by_domain(reply):
    body = {
        "organizations": [
            None,
            {"id": "o1", "primary_domain": "A.example.com"},
            {"id": "o2", "primary_domain": "moved.example.com"},
        ],
        "unique_enriched_records": 2,
    }
    found = read_enriched(reply(body))
    kept = found.of(["gone.example.com", "a.example.com", "old.example.com"])
    assert [raw and read_employer(raw).provider_key for raw in kept] == [None, "apollo:o1", "apollo:o2"]
    assert [raw and read_employer(raw).provider_key for raw in found.of(["a.example.com", "gone.example.com"])] == [
        "apollo:o1",
        None,
    ]
    assert found.credits == 2.0


def test_an_unsaid_price_is_a_credit_for_each_different_employer(reply):
    twice = {"id": "o1", "primary_domain": "a.example.com"}
    assert read_enriched(reply({"organizations": [twice, twice, None]})).credits == 1.0


@pytest.mark.parametrize("raw", [b"", b"null", b"[]"])
def test_a_kept_employer_that_is_none(raw):
    with pytest.raises(Unreadable):
        read_employer(raw)


def test_a_search_reads_saved_and_new_companies(reply, payload):
    page = read_organization_page(reply(payload("apollo/companies.json")))
    assert page.total == 312
    assert {(company.provider_key, company.name) for company in page.companies} == {
        ("apollo:o7", "Saved Shop"),
        ("apollo:o8", "New Shop"),
    }
    assert {company.phone for company in page.companies} == {None, "+13125550111"}


def test_refusals(reply):
    with pytest.raises(Unreadable):
        read_enriched(reply({"status": "success"}))
    with pytest.raises(QuotaUsedUp):
        read_organization_page(reply({"error": "out of credits"}, 422))
