"""The keys that make two records one, and the blocks that near records share."""

import pytest

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.identity import company_block, company_keys, contact_block, contact_keys


def gears(**more):
    return Company(**{"name": "Ohio Gear Works", "city": "Dayton", "state": "OH"} | more)


@pytest.mark.parametrize(
    ("lead", "linkedin", "email", "provider"),
    [
        (Contact(linkedin_url="uk.linkedin.com/in/Dana/"), "https://www.linkedin.com/in/dana", None, None),
        (Contact(email="Dana@X.com"), None, "dana@x.com", None),
        (Contact(email="dana@x.com", email_status="invalid"), None, None, None),
        (Contact(email="info@x.com"), None, None, None),
        (Contact(email="dana@@x.com"), None, None, None),
        (Contact(email="dana@gmail.com"), None, "dana@gmail.com", None),
        (Contact(provider_key="apollo:1"), None, None, "apollo:1"),
        (Contact(full_name="Dana Field"), None, None, None),
    ],
)
def test_contact_keys(lead, linkedin, email, provider):
    keys = contact_keys(lead)
    assert (keys.linkedin, keys.email, keys.provider) == (linkedin, email, provider)


def test_company_keys():
    keys = company_keys(gears(uei="abcdefgh1j23", website="http://www.ohiogear.example.com/x", provider_key="apollo:9"))
    assert (keys.uei, keys.domain, keys.provider) == ("ABCDEFGH1J23", "ohiogear.example.com", "apollo:9")
    assert keys.name_place == "ohio gear works|OH|dayton"


@pytest.mark.parametrize("domain", ["gmail.com", "facebook.com", None])
def test_a_host_of_many_is_no_key(domain):
    assert company_keys(Company(name="Acme", domain=domain)).domain is None


@pytest.mark.parametrize("gap", ["name", "city", "state"])
def test_name_and_place_need_all_three(gap):
    assert company_keys(gears(**{gap: None})).name_place is None


def test_spellings_of_one_place_have_one_key():
    one = company_keys(Company(name="THE ACME CO., INC.", city="St. Louis", state="MO"))
    other = company_keys(Company(name="Acme", city="Saint Louis", state="MO"))
    assert one == other


def test_registrations_are_keys():
    keys = company_keys(gears(cage="1abc2", ein="123456788"))
    assert (keys.cage, keys.ein) == ("1ABC2", "123456788")


def test_people_without_an_employer_share_no_key():
    keys = company_keys(gears(name="Self-Employed"))
    assert keys.name_place is None
    assert company_block(gears(name="Self-Employed")) is None


@pytest.mark.parametrize(
    "name", ["OHIO GEAR WORKS LLC", "Ohio Geer Works", "Ohio Gearr Works, Inc.", "Ohio Gear Work", "Ohia Gear Works"]
)
def test_near_names_share_a_block(name):
    assert company_block(gears(name=name)) == company_block(gears())


@pytest.mark.parametrize("other", [{"state": "TX"}, {"name": "Smith Dental"}])
def test_other_names_and_states_do_not(other):
    assert company_block(gears(**other)) != company_block(gears())


def test_a_block_of_people_is_a_name_at_an_employer():
    dana = Contact(first_name="Dana", last_name="O'Neil", company=gears())
    assert contact_block(dana) == contact_block(
        Contact(first_name="DANA", last_name="O Neil", company=gears(city=None))
    )
    assert contact_block(Contact(first_name="Dana", company=gears())) is None
    assert contact_block(Contact(first_name="Dana", last_name="O'Neil")) is None
