"""E-mail addresses, good, bad, hidden and shared."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspiders.rules.emails import Email, check, is_free, is_role


@pytest.mark.parametrize(
    ("raw", "address", "flags"),
    [
        ("Dana.Field@OhioGear.Example.com", "dana.field@ohiogear.example.com", ()),
        ("Jane <j@X.com>", "j@x.com", ()),
        ("mailto:j@x.com", "j@x.com", ()),
        ("jane@x.com.", "jane@x.com", ()),
        (" jane@x.com,", "jane@x.com", ()),
        ("jane.doe+tag@x.co.uk", "jane.doe+tag@x.co.uk", ()),
        ("a@b.test", "a@b.test", ()),
        ('"Jane Doe"@x.com', '"jane doe"@x.com', ()),
        ('"jane.doe"@x.com', "jane.doe@x.com", ()),
        ('"jane@x.com"', "jane@x.com", ()),
        ('"Doe, Jane" <j@x.com>', "j@x.com", ()),
        ("MAILTO:j@x.com?subject=hi", "j@x.com", ()),
        ("j@xn--bcher-kva.de", "j@b\u00fccher.de", ()),
        ("benefits@acme.com", "benefits@acme.com", ("email-role",)),
        ("first.last@company.com", None, ("email-placeholder",)),
        ("email@domain.com", None, ("email-placeholder",)),
        ("none@none.com", None, ("email-placeholder",)),
        ("a@b\u00fccher.de", "a@b\u00fccher.de", ()),
        ("HR@acme.com", "hr@acme.com", ("email-role",)),
        ("info+jobs@acme.com", "info+jobs@acme.com", ("email-role",)),
        ("sales2@acme.com", "sales2@acme.com", ("email-role",)),
        ("jane@gmail.com", "jane@gmail.com", ("email-free",)),
        ("info@gmail.com", "info@gmail.com", ("email-role", "email-free")),
        ("jane@mailinator.com", "jane@mailinator.com", ("email-disposable",)),
        ("email_not_unlocked@domain.com", None, ("email-locked",)),
        ("d***@x.com", None, ("email-masked",)),
        ("jane..d@x.com", None, ("email-invalid",)),
        ("jane@x", None, ("email-invalid",)),
        ("jane at x.com", None, ("email-invalid",)),
        ("a@x.com, b@x.com", None, ("email-invalid",)),
        ("a@[10.0.0.1]", None, ("email-invalid",)),
        ("@x.com", None, ("email-invalid",)),
        ("n/a", None, ()),
        (None, None, ()),
    ],
)
def test_check(raw, address, flags):
    found = check(raw)
    assert (found.address, found.flags) == (address, flags)
    assert found.valid_syntax is (address is not None)


def test_a_role_and_a_free_host_are_said_apart():
    assert check("info@gmail.com") == Email(
        "info@gmail.com", valid_syntax=True, role=True, free=True, flags=("email-role", "email-free")
    )


def test_names_of_people_are_no_roles():
    assert not is_role("jane")
    assert not is_role("salesky")
    assert is_free("GMAIL.com")
    assert not is_free("acme.com")


@settings(deadline=None, max_examples=100, database=None, derandomize=True)
@given(st.one_of(st.emails(), st.text(alphabet="ab@.x com+<>*\"'", max_size=20)))
def test_checking_twice_changes_nothing_and_invents_nothing(raw):
    address = check(raw).address
    assert check(address).address == address
    assert set(address or "") <= set(raw.lower())


LABELS = st.from_regex(r"[a-z0-9-]{1,5}", fullmatch=True)
TOPS = st.sampled_from(["com", "co.uk", "test", "local", "onion", "arpa", "xn--p1ai", "c0m", "4", "a" * 64])


@settings(deadline=None, max_examples=300, database=None, derandomize=True)
@given(st.lists(LABELS, min_size=1, max_size=4), TOPS)
def test_a_host_is_good_when_the_library_says_so(labels, top):
    raw = f"jane@{'.'.join(labels)}.{top}"
    try:
        found = validate_email(raw, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        found = None
    assert check(raw).address == found
