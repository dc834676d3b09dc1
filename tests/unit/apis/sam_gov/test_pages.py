import json

import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.sam_gov.contract import API
from leadspiders.apis.sam_gov.pages import entities_call, read_entities
from leadspiders.errors import ArgumentError, Unreadable


def test_the_call_names_the_sections_and_no_key():
    call = entities_call(3, registrationStatus="A", physicalAddressProvinceOrStateCode=["OH", "TX"], primaryNaics=[])
    assert call.path == "/entity-information/v3/entities"
    assert dict(call.params) == {
        "registrationStatus": "A",
        "physicalAddressProvinceOrStateCode": "[OH~TX]",
        "includeSections": "entityRegistration,coreData,assertions,pointsOfContact",
        "page": "3",
        "size": "10",
    }
    assert "key" not in call.url(API.base_url).lower()


@pytest.mark.parametrize(
    ("page", "filters"),
    [(-1, {}), (1000, {}), (0, {"employees": "50"}), (0, {"legalBusinessName": "A|B"}), (0, {"q": "a{b}"})],
)
def test_what_sam_gov_cannot_answer(page, filters):
    with pytest.raises(ArgumentError):
        entities_call(page, **filters)


def test_a_registered_entity(reply, payload):
    page = read_entities(reply(payload("sam_gov/entity_registered.json")))
    assert (page.total, page.next, page.broken) == (1, False, [])
    (company,) = page.companies
    assert (company.uei, company.cage, company.name) == ("UE9QJD4KK1L6", "5UTE1", "LEIDOS, INC.")
    assert company.legal_name == company.name
    assert (company.website, company.domain) == ("http://www.leidos.com", "leidos.com")
    assert (company.street, company.city, company.state) == ("1750 PRESIDENTS ST FL 10", "RESTON", "VA")
    assert (company.postal_code, company.country) == ("20190", "USA")
    assert (company.naics_code, company.founded_year) == ("541715", 1969)
    assert company.extras["naics_list"] == ["236220", "332311", "334111"]
    assert company.extras["business_types"] == ["2X", "F", "MF"]
    assert company.extras["registration_status"] == "active"
    assert company.extras["expires"] == "2027-04-17"
    assert company.extras["contacts"][0] == {"role": "government", "name": "Point of Contact 1 Placeholder"}
    # One object of nulls is an empty list, and nothing empty is kept.
    assert {"sba_types", "dba_name", "excluded", "evs_source"}.isdisjoint(company.extras)


def test_an_unregistered_entity_writes_null_as_text(reply, payload):
    page = read_entities(reply(payload("sam_gov/entity_unregistered.json")))
    (company,) = page.companies
    assert (company.uei, company.cage) == ("JF19T45AM8F2", None)
    assert company.extras == {"dnb_open_data": True, "unregistered": True, "registration_status": "active"}
    assert company.marketing_use == "unknown"


def test_employees_and_addresses_are_not_invented(reply, payload):
    (company,) = read_entities(reply(payload("sam_gov/entity_unregistered.json"))).companies
    assert (company.employees, company.employee_min, company.domain, company.state, company.naics_code) == (None,) * 5


def edited(payload, **registration):
    body = json.loads(payload("sam_gov/entity_registered.json"))
    body["entityData"][0]["entityRegistration"] |= registration
    return body


@pytest.mark.parametrize(
    ("registration", "use"),
    [
        ({"evsSource": None}, "unknown"),
        ({"evsSource": "null"}, "unknown"),
        ({"evsSource": "D&B"}, "no"),
        ({"evsSource": "d & b "}, "no"),
        ({"evsSource": "E&Y"}, "yes"),
        ({"evsSource": "Somebody"}, "yes"),
        ({"evsSource": "E&Y", "publicDisplayFlag": "N"}, "no"),
    ],
)
def test_marketing_use_follows_the_source_of_validation(reply, payload, registration, use):
    (company,) = read_entities(reply(edited(payload, **registration))).companies
    assert company.marketing_use == use


def test_a_further_page(reply, payload):
    body = edited(payload) | {"totalRecords": 25, "links": {"selfLink": "x", "nextLink": "y"}}
    page = read_entities(reply(body))
    assert (page.total, page.next) == (25, True)


def test_no_hits(reply):
    page = read_entities(reply({"totalRecords": 0, "entityData": [], "links": {"selfLink": "x"}}))
    assert (page.total, page.companies, page.next) == (0, [], False)


def test_one_broken_entity_does_not_cost_the_page(reply, payload):
    body = edited(payload)
    body["entityData"].insert(0, {"entityRegistration": {"legalBusinessName": "NO UEI LLC"}})
    page = read_entities(reply(body))
    assert [company.uei for company in page.companies] == ["UE9QJD4KK1L6"]
    assert page.broken[0].index == 0
    assert "NO UEI LLC" in page.broken[0].raw


@pytest.mark.parametrize("body", ["Extract will be ready", {"totalRecords": 1}, {"entityData": {}}, []])
def test_another_body(reply, body):
    with pytest.raises(Unreadable):
        read_entities(reply(body))


def test_real_entities_are_no_drift_and_changes_are(reply, payload):
    drift = Drift()
    for name in ("registered", "unregistered"):
        read_entities(reply(payload(f"sam_gov/entity_{name}.json")), drift)
    assert not drift.fields
    body = edited(payload, newFlag="Y")
    body["entityData"][0]["coreData"]["physicalAddress"]["town"] = body["entityData"][0]["coreData"][
        "physicalAddress"
    ].pop("city")
    read_entities(reply(body), drift)
    assert set(drift.fields) == {
        ("sam_gov.entities", "entityRegistration.newFlag", "unknown"),
        ("sam_gov.entities", "coreData.physicalAddress.town", "unknown"),
        ("sam_gov.entities", "coreData.physicalAddress.city", "missing"),
    }
