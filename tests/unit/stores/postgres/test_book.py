from itertools import count
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.book import Book
from leadspiders.stores.postgres.kinds import company_kind, contact_kind
from leadspiders.stores.postgres.lineage import packed


def keyed_hash(kind: str, value: str) -> bytes:
    return f"{kind}:{value}".encode()


COMPANY, CONTACT = company_kind(keyed_hash), contact_kind(keyed_hash)


def book(kind, *stored):
    ids = (UUID(int=number) for number in count(100))
    made = Book(kind, lambda: next(ids))
    for number, item in enumerate(stored, 1):
        row = kind.to_row(item)
        made.stored(row | {"id": UUID(int=number), "lineage": packed(row["lineage"]), "company_id": None})
    return made


def add(made, kind, item, known_id=None):
    return made.add(item, kind.to_row(item) | {"company_id": None}, known_id)


def linkedin(name):
    return f"https://www.linkedin.com/in/{name}"


def test_a_record_nobody_knows_makes_a_row():
    made = book(CONTACT)
    entry, is_new = add(made, CONTACT, Contact(full_name="Ann Lee", email="ann@a.example.com"))
    assert is_new
    assert entry.new
    assert entry.row["id"] == UUID(int=100)


def test_a_twin_in_the_same_batch_fills_the_first_and_leaves_both_records_alone():
    made = book(CONTACT)
    first, second = Contact(email="ann@a.example.com"), Contact(email="ann@a.example.com", title="CFO")
    entry, _ = add(made, CONTACT, first)
    again, is_new = add(made, CONTACT, second)
    assert again is entry
    assert not is_new
    assert entry.row["title"] == "CFO"
    assert first.title is None


def test_what_says_nothing_new_changes_nothing():
    made = book(CONTACT, Contact(full_name="Ann Lee", email="ann@a.example.com", title="CFO"))
    entry, _ = add(made, CONTACT, Contact(email="ann@a.example.com", title="CFO"))
    assert not entry.new
    assert entry.changed == set()


def test_a_gap_of_a_stored_row_is_filled_and_named():
    made = book(CONTACT, Contact(email="ann@a.example.com"))
    entry, _ = add(made, CONTACT, Contact(email="ann@a.example.com", title="CFO"))
    assert entry.row["id"] == UUID(int=1)
    assert entry.changed == {"title"}


def test_a_provider_id_alone_is_something_new():
    made = book(CONTACT, Contact(email="ann@a.example.com"))
    entry, _ = add(made, CONTACT, Contact(email="ann@a.example.com", provider_key="apollo:1"))
    assert entry.changed == {"provider_id", "provider_key"}


def test_a_record_that_ties_two_stored_rows_folds_one_into_the_other():
    made = book(CONTACT, Contact(linkedin_url=linkedin("ann")), Contact(email="ann@a.example.com", title="CFO"))
    entry, _ = add(made, CONTACT, Contact(linkedin_url=linkedin("ann"), email="ann@a.example.com"))
    assert entry.row["id"] == UUID(int=1)
    assert entry.losers == [UUID(int=2)]
    assert (entry.row["title"], entry.row["email"]) == ("CFO", "ann@a.example.com")
    assert list(made.entries()) == [entry]


def test_two_people_with_profiles_of_their_own_stay_two_and_keep_their_addresses():
    made = book(
        CONTACT,
        Contact(linkedin_url=linkedin("ann")),
        Contact(linkedin_url=linkedin("bob"), email="shared@a.example.com", email_status="valid"),
    )
    entry, _ = add(made, CONTACT, Contact(linkedin_url=linkedin("ann"), email="shared@a.example.com", title="CFO"))
    assert entry.row["id"] == UUID(int=1)
    assert entry.losers == []
    assert (entry.row["title"], entry.row["email"], entry.row["email_key"]) == ("CFO", None, None)


def test_what_is_stored_stays_when_it_meets_a_row_of_the_batch():
    made = book(CONTACT, Contact(email="ann@a.example.com"))
    first, _ = add(made, CONTACT, Contact(linkedin_url=linkedin("ann")))
    entry, _ = add(made, CONTACT, Contact(linkedin_url=linkedin("ann"), email="ann@a.example.com"))
    assert entry.row["id"] == UUID(int=1)
    assert first.final() is entry
    assert entry.losers == []  # the row of the batch was never stored
    assert entry.row["linkedin_url"] == linkedin("ann")


def test_ids_of_two_providers_do_not_set_a_person_apart():
    made = book(
        CONTACT,
        Contact(linkedin_url=linkedin("ann"), provider_key="apollo:1"),
        Contact(email="ann@a.example.com", provider_key="hunter:9"),
    )
    entry, _ = add(made, CONTACT, Contact(linkedin_url=linkedin("ann"), email="ann@a.example.com"))
    assert entry.losers == [UUID(int=2)]


def test_a_known_id_finds_the_row_without_any_key():
    made = book(CONTACT, Contact(provider_key="apollo:1"))
    entry, is_new = add(made, CONTACT, Contact(title="CFO"), UUID(int=1))
    assert not is_new
    assert entry.row["id"] == UUID(int=1)


def place(**more):
    return Company(name="Acme Tool", city="Dayton", state="OH", **more)


def test_name_and_place_tie_a_company_to_one_that_nothing_sets_apart():
    made = book(COMPANY, place(uei="ABCDEFGHIJK1"))
    entry, _ = add(made, COMPANY, place(domain="acme.example.com"))
    assert entry.row["id"] == UUID(int=1)
    assert (entry.row["uei"], entry.row["domain"]) == ("ABCDEFGHIJK1", "acme.example.com")


def test_two_registered_firms_of_one_name_and_place_stay_two():
    made = book(COMPANY, place(uei="ABCDEFGHIJK1"))
    entry, is_new = add(made, COMPANY, place(uei="ABCDEFGHIJK2"))
    assert is_new
    assert entry.row["uei"] == "ABCDEFGHIJK2"


def test_name_and_place_fold_two_stored_halves_of_one_company():
    made = book(COMPANY, place(uei="ABCDEFGHIJK1"), Company(name="Acme Tool", domain="acme.example.com"))
    entry, _ = add(made, COMPANY, place(domain="acme.example.com"))
    assert entry.row["id"] == UUID(int=2)
    assert entry.losers == [UUID(int=1)]
    assert entry.row["uei"] == "ABCDEFGHIJK1"


def test_a_duplicate_without_a_fresh_column_keeps_its_extras():
    made = book(CONTACT, Contact(email="ann@a.example.com", extras={"a": 1}))
    entry, _ = add(made, CONTACT, Contact(email="ann@a.example.com", extras={"b": 2}))
    assert entry.changed == {"extras"}
    assert entry.row["extras"] == {"a": 1, "b": 2}


def test_one_registration_of_two_finds_the_company():
    made = book(COMPANY, place(cage="1ABC2"))
    entry, is_new = add(made, COMPANY, Company(name="Acme", cage="1ABC2", uei="ABCDEFGHIJK1"))
    assert not is_new
    assert entry.row["uei"] == "ABCDEFGHIJK1"


def test_an_ein_finds_a_company_that_nothing_sets_apart():
    made = book(COMPANY, Company(name="Acme Tool", uei="ABCDEFGHIJK1", ein="123456788"))
    entry, is_new = add(made, COMPANY, Company(name="Acme Holding", ein="123456788", domain="acme.com"))
    assert not is_new
    assert entry.row["domain"] == "acme.com"
    assert list(made.doubts()) == []


def test_subsidiaries_of_one_ein_stay_two_and_are_a_pair():
    made = book(COMPANY, Company(name="Acme Tool", uei="ABCDEFGHIJK1", ein="123456788"))
    entry, is_new = add(made, COMPANY, Company(name="Acme Foods", uei="ABCDEFGHIJK2", ein="123456788"))
    assert is_new
    assert entry.row["ein"] == "123456788"
    (doubt,) = made.doubts()
    assert doubt.ids() == (UUID(int=1), UUID(int=100))
    assert doubt.verdict.why == "same EIN, another UEI"


def test_a_shared_domain_stays_with_its_first_owner_and_both_show_it():
    made = book(COMPANY, Company(name="Acme Tool", uei="ABCDEFGHIJK1", domain="acme.com"))
    foods = Company(name="Acme Foods", uei="ABCDEFGHIJK2", domain="acme.com")
    entry, is_new = add(made, COMPANY, foods)
    assert is_new
    assert (entry.row["domain"], entry.row["domain_key"]) == ("acme.com", None)
    again, _ = add(made, COMPANY, Company(uei="ABCDEFGHIJK2", domain="acme.com", employees=70))
    assert again is entry
    assert (entry.row["employees"], entry.row["domain"], entry.row["domain_key"]) == (70, "acme.com", None)
    by_domain, _ = add(made, COMPANY, Company(domain="acme.com"))
    assert by_domain.row["uei"] == "ABCDEFGHIJK1"


def near(**more):
    return Company(name="Acme Tooll LLC", city="Dayton", state="OH", **more)


def test_a_near_name_with_something_else_in_common_is_the_same():
    made = book(COMPANY, place(uei="ABCDEFGHIJK1", phone="+19372231234"))
    entry, is_new = add(made, COMPANY, near(phone="+19372231234", domain="acme.com"))
    assert not is_new
    assert entry.row["id"] == UUID(int=1)


def test_a_near_name_alone_is_a_pair():
    made = book(COMPANY, place(uei="ABCDEFGHIJK1"))
    entry, is_new = add(made, COMPANY, near(domain="acme.com"))
    assert is_new
    assert [doubt.ids() for doubt in made.doubts()] == [(UUID(int=1), entry.row["id"])]


def test_neighbors_are_compared_and_not_changed():
    made = book(COMPANY)
    row = COMPANY.to_row(place(uei="ABCDEFGHIJK1", phone="+19372231234")) | {"id": UUID(int=7), "lineage": {}}
    made.beside([row])
    twin, stranger = near(phone="+19372231234"), near(domain="acme.com")
    assert made.surely(twin, COMPANY.to_row(twin)) == UUID(int=7)
    assert made.surely(stranger, COMPANY.to_row(stranger)) is None
    entry, _ = add(made, COMPANY, stranger)
    assert [doubt.ids() for doubt in made.doubts()] == [(UUID(int=7), entry.row["id"])]
    assert list(made.entries()) == [entry]


def colleague(**more):
    return Contact(first_name="Ann", last_name="Lee", full_name="Ann Lee", company=place(), **more)


def test_namesakes_at_one_employer_are_a_pair():
    made = book(CONTACT, colleague(linkedin_url=linkedin("ann")))
    _, is_new = add(made, CONTACT, colleague(linkedin_url=linkedin("ann-lee-2")))
    assert is_new
    (doubt,) = made.doubts()
    assert doubt.verdict.why == "same name and employer, another LinkedIn profile"


def test_one_person_of_two_sources_without_a_common_key_is_one():
    job = {"title": "CFO", "city": "Dayton", "state": "OH"}
    made = book(CONTACT, colleague(linkedin_url=linkedin("ann"), **job))
    entry, is_new = add(made, CONTACT, colleague(email="ann@a.example.com", **job))
    assert not is_new
    assert (entry.row["linkedin_url"], entry.row["email"]) == (linkedin("ann"), "ann@a.example.com")


def test_a_mailbox_of_two_people_makes_them_no_one():
    made = book(CONTACT, colleague(linkedin_url=linkedin("ann"), email="ownr@a.example.com"))
    bob = Contact(
        first_name="Bob", last_name="Ray", linkedin_url=linkedin("bob"), email="ownr@a.example.com", company=place()
    )
    entry, is_new = add(made, CONTACT, bob)
    assert is_new
    assert (entry.row["email"], entry.row["extras"]) == (None, {"email_also": "ownr@a.example.com"})
    assert list(made.doubts()) == []
