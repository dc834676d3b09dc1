from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.recall import recall


def recalled(using, keyed_hash, *items):
    using(recall, list(items), keyed_hash)
    return items[0]


def test_a_stranger_stays_as_it_is(using, keyed_hash):
    stranger = recalled(using, keyed_hash, Contact(email="who@a.example.com"))
    assert (stranger.known, stranger.id, stranger.company.id) == (False, None, None)


def test_a_known_lead_comes_with_its_empty_fields_and_its_company(using, write, person, keyed_hash):
    (stored,) = using(write, [person(0)])
    masked = recalled(using, keyed_hash, Contact(provider_key="apollo:0", title="Head of PPC"))
    assert (masked.known, masked.id) == (True, stored.id)
    assert masked.title == "Head of PPC"
    assert (masked.email, masked.email_status) == ("ann0@firm0.example.com", "valid")
    assert masked.lineage["email"].source == "apollo"
    assert (masked.company.name, masked.company.employees) == ("Firm 0 Works", 120)
    assert masked.company.known


def test_any_key_will_do(using, write, person, keyed_hash):
    (stored,) = using(write, [person(0)])
    by_email = Contact(email="ann0@firm0.example.com")
    by_profile = Contact(linkedin_url="https://www.linkedin.com/in/ann-lee-0")
    recalled(using, keyed_hash, by_email, by_profile)
    assert by_email.id == by_profile.id == stored.id


def test_what_was_said_of_another_address_is_not_taken_over(using, write, person, keyed_hash):
    using(write, [person(0)])
    other = recalled(using, keyed_hash, Contact(provider_key="apollo:0", email="ann@new.example.com"))
    assert other.email_status is None


def test_a_person_who_moved_on_is_not_given_the_old_employer(using, write, person, keyed_hash):
    using(write, [person(0)])
    company = Company(name="Quite Another Thing", domain="another.example.com")
    moved = recalled(using, keyed_hash, Contact(provider_key="apollo:0", company=company))
    assert moved.known
    assert (moved.company.id, moved.company.employees) == (None, None)


def test_a_company_of_a_stranger_is_known_by_itself(using, write, person, keyed_hash):
    using(write, [person(0)])
    colleague = Contact(email="bob@firm0.example.com", company=Company(domain="firm0.example.com"))
    recalled(using, keyed_hash, colleague)
    assert not colleague.known
    assert colleague.company.known
    assert colleague.company.employees == 120


def test_a_company_lead_is_recalled_by_name_and_place_unless_another_uei_speaks_against_it(using, write, keyed_hash):
    using(write, [Company(name="Acme", city="Dayton", state="OH", uei="ABCDEFGHIJK1", naics_code="332710")])
    same = Company(name="ACME", city="Dayton", state="OH")
    other = Company(name="Acme", city="Dayton", state="OH", uei="ABCDEFGHIJK2")
    recalled(using, keyed_hash, same, other)
    assert same.naics_code == "332710"
    assert not other.known
