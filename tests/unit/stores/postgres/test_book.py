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
