"""Whatever a source sends: cleaning twice is cleaning once, and every value comes from something that was sent."""

from copy import deepcopy
from dataclasses import fields

from hypothesis import given, settings
from hypothesis import strategies as st

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.clean import clean_company, clean_contact
from leadspiders.rules.text import fold

UGLY = st.sampled_from([
    "n/a", "VAN DER BERG, JAN", "Dana Fi***d", "\u201cBill\u201d O\u2019Neil III, SHRM-CP", "LA", "CA", "Remote, US",
    "Austin, Texas Metropolitan Area", "Washington DC-Baltimore Area", "Cambridge", "Georgia", "UK", "Denver CO 80202",
    "email_not_unlocked@domain.com", '"jane doe"@x.com', "info@acme.com", "+44 (0)20 7946 0958 x12", "1-800-FLOWERS",
    "https://www.linkedin.com/sales/lead/ACwAAAB,NAME", "uk.linkedin.com/in/Jane-Doe/?trk=x",
    "linkedin.com/company/Acme", "http:/WWW.Acme.co.uk:80/x?utm_source=y", "519130", "332710Y", "31-33", "12-3456788",
    "00-0000000", "THE ACME CO., INC. (formerly Foo)", "Acme LLC dba Sprockets", "51,200", "1K-5K", "454021234",
    "D (51-200)",
])  # fmt: skip
TEXT = st.one_of(st.none(), UGLY, st.text(max_size=12))
EXTRAS = st.dictionaries(
    st.sampled_from(["company_size", "size", "location", "note"]), st.one_of(UGLY, st.just([51, 200]), st.just(140))
)
COMPANY_TEXT = (
    "name", "legal_name", "uei", "cage", "ein", "provider_key", "domain", "website", "linkedin_url", "phone",
    "industry", "company_type", "naics_code", "street", "city", "state", "postal_code", "country",
)  # fmt: skip
CONTACT_TEXT = (
    "full_name", "first_name", "last_name", "title", "seniority", "email", "phone", "linkedin_url", "provider_key",
    "profile_picture_url", "city", "state", "country",
)  # fmt: skip
# Values that a stated rule derives, and what from: nothing else may appear where nothing was.
DERIVED = {
    "full_name": ("first_name", "last_name"),
    "first_name": ("full_name",),
    "last_name": ("full_name",),
    "last_name_masked": ("full_name", "last_name"),
    "legal_name": ("name",),
    "domain": ("website",),
    "city": ("location",),
    "state": ("location",),
    "country": ("location",),
    "metro": ("city", "state", "location"),
    "employees": ("size", "company_size"),
    "employee_min": ("size", "company_size"),
    "employee_max": ("size", "company_size"),
}
companies = st.builds(Company, **dict.fromkeys(COMPANY_TEXT, TEXT), extras=EXTRAS)
contacts = st.builds(Contact, **dict.fromkeys(CONTACT_TEXT, TEXT), company=companies, extras=EXTRAS)
profile = settings(deadline=None, max_examples=120, database=None, derandomize=True)


@profile
@given(contacts)
def test_a_whole_contact_cleaned_twice_is_cleaned_once(contact):
    clean_contact(contact)
    once = deepcopy(contact)
    clean_contact(contact)
    assert contact == once


@profile
@given(contacts)
def test_nothing_appears_where_nothing_was(contact):
    before = deepcopy(contact)
    clean_contact(contact)
    _nothing_invented(before, contact)
    _nothing_invented(before.company, contact.company)


@profile
@given(companies)
def test_words_are_those_that_were_sent(company):
    sent = fold(" ".join(str(getattr(company, name) or "") for name in COMPANY_TEXT) + " " + str(company.extras))
    clean_company(company)
    for name in ("name", "legal_name", "uei", "cage", "ein", "street"):
        assert set(fold(getattr(company, name) or "")) <= set(sent)


def _nothing_invented(before, after):
    for field in fields(after):
        value = getattr(after, field.name)
        if field.name in {"extras", "flags", "company"} or value is None or value == getattr(before, field.name):
            continue
        sources = (field.name, *DERIVED.get(field.name, ()))
        given_ = [getattr(before, name, None) or before.extras.get(name) for name in sources]
        assert any(given_), f"{field.name} is {value!r} out of nothing"
