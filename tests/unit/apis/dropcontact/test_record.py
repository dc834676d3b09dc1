import json

import pytest

from leadspiders.apis.dropcontact.record import Address, best, read_record, verdict
from leadspiders.errors import Unreadable


def read(**record):
    return read_record(json.dumps(record).encode())


@pytest.mark.parametrize(
    ("qualification", "status"),
    [
        ("nominative@pro", "valid"),
        ("Nominative@Pro", "valid"),
        (" NOMINATIVE@PRO ", "valid"),
        ("catch_all@pro", "risky"),
        ("catch-all@pro", "risky"),
        ("Catch-All@Pro", "risky"),
        ("nominative@perso", "risky"),
        ("nominative@school", "risky"),
        ("nominative@disposable", "invalid"),
        ("invalid@pro", "invalid"),
        ("nominative@invalid", "invalid"),
        ("generic@pro", "unknown"),
        ("random@pro", "unknown"),
        ("non_validated@pro", "unknown"),
        ("nominatif@pro", "unknown"),
        ("pro", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_what_a_qualification_is_worth(qualification, status):
    assert verdict(Address(email="a@example.com", qualification=qualification)) == status


def test_the_best_of_several_addresses():
    found = [
        Address(email="invalid@example.com", qualification="invalid@pro"),
        Address(email="all@example.com", qualification="catch_all@pro"),
        Address(qualification="nominative@pro"),
        Address(email="good@example.com", qualification="nominative@pro"),
        Address(email="also@example.com", qualification="nominative@pro"),
    ]
    assert best(found) == ("good@example.com", "valid")
    assert best([]) == (None, None)


def test_who_does_not_want_to_be_written_to_has_no_address():
    for spelling in ("Do_Not_Contact@pro", "do-not-contact@pro"):
        contact = read(
            full_name="Dana Field",
            email=[
                {"email": "dana@example.com", "qualification": "nominative@pro"},
                {"email": "field@example.com", "qualification": spelling},
            ],
        )
        assert (contact.email, contact.email_status, contact.flags) == (None, None, ["do-not-contact"])
        assert contact.full_name == "Dana Field"


def test_an_invalid_address_is_told_only_where_it_was_asked_about():
    email = [{"email": "dana@example.com", "qualification": "invalid@pro"}]
    assert read(email=email).email is None
    checked = read(email=email, custom_fields={"place": "0", "checked": "email"})
    assert (checked.email, checked.email_status) == ("dana@example.com", "invalid")


def test_a_whole_record():
    contact = read(
        civility="Mrs",
        first_name="Dana",
        last_name="Field",
        email=[{"email": "dana.field@ohiogear.example.com", "qualification": "nominative@pro"}],
        phone="+13125550111",
        mobile_phone="+13125550112",
        company="Ohio Gear Works",
        website="ohiogear.example.com",
        linkedin="linkedin.com/in/example-dana",
        company_linkedin="linkedin.com/company/ohio-gear",
        nb_employees="101-250",
        job="Operations Director",
        country="US",
        naf5_code="2562B",
        custom_fields={"place": "0"},
        mood="good",
    )
    assert (contact.full_name, contact.title, contact.phone) == ("Dana Field", "Operations Director", "+13125550112")
    assert (contact.email, contact.email_status) == ("dana.field@ohiogear.example.com", "valid")
    assert (contact.company.name, contact.company.website) == ("Ohio Gear Works", "ohiogear.example.com")
    assert contact.company.extras == {"employee_range": "101-250"}
    assert contact.extras == {"civility": "Mrs", "naf5_code": "2562B", "mood": "good"}
    assert "dana" not in repr(contact).lower()


@pytest.mark.parametrize("ugly", ["dana@example.com", {"email": "x"}, [None], ["x"], 7])
def test_addresses_of_another_shape_are_left_out(ugly):
    contact = read(full_name="Dana Field", email=ugly)
    assert (contact.full_name, contact.email) == ("Dana Field", None)


def test_nothing_is_invented():
    contact = read()
    assert (contact.full_name, contact.email, contact.email_status, contact.flags) == (None, None, None, [])
    assert contact.company.extras == {}


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b'"x"', b"{"])
def test_a_kept_record_that_is_none(raw):
    with pytest.raises(Unreadable):
        read_record(raw)
