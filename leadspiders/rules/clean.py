"""The cleaning of one record, in place: every field through its rule, what a rule cannot read kept in `extras`.

Run on what a source sent and again on what enrichment brought: cleaning twice changes nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from math import isfinite

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules import (
    company_names,
    domains,
    emails,
    industries,
    linkedin,
    names,
    phones,
    places,
    registrations,
    sizes,
)
from leadspiders.rules.extras import keep
from leadspiders.rules.text import tidy

Rule = Callable[[str | None], str | None]

_COMPANY_RULES: tuple[tuple[str, Rule], ...] = (
    ("legal_name", tidy),
    ("provider_key", tidy),
    ("website", domains.website),
    ("linkedin_url", linkedin.company),
    ("industry", industries.from_text),
    ("company_type", tidy),
    ("street", tidy),
    ("uei", registrations.uei),
    ("cage", registrations.cage),
    ("ein", registrations.ein),
)
_CONTACT_RULES: tuple[tuple[str, Rule], ...] = (
    ("title", tidy),
    ("seniority", tidy),
    ("provider_key", tidy),
    ("linkedin_url", linkedin.person),
    ("profile_picture_url", tidy),
)
MOST_STAFF = 10_000_000
"""The largest employers of the world have some two million people."""
FIRST_YEAR = 1600
# Where sources put a staff range that no field holds.
_SIZE_EXTRAS = (
    "employee_range",
    "employees_range",
    "employeesRange",
    "company_size",
    "num_employees",
    "size_class",
    "size",
)
_PLACE_EXTRAS = ("location", "raw_address")


def clean_contact(contact: Contact) -> None:
    """Clean a contact and its company; flags say what is wrong: `email-invalid`, `email-role`, `phone-invalid`, ..."""
    _apply(contact, _CONTACT_RULES)
    unread = contact.linkedin_url is None and "linkedin_url" in contact.extras
    _flag(contact, "linkedin-", ("linkedin-invalid",) if unread else ())
    _clean_name(contact)
    _clean_email(contact)
    _clean_place(contact)
    _clean_phone(contact)
    # The employer came in the same record: its values are as old and as good as the person's.
    contact.company.origin = contact.company.origin or contact.origin
    clean_company(contact.company)


def clean_company(company: Company) -> None:
    """Clean a company: codes, addresses, names, staff; `domain` comes from `website` where the source gave none."""
    _apply(company, _COMPANY_RULES)
    _keep_candidates(company)
    _apply(company, (("naics_code", industries.naics),))
    _clean_company_name(company)
    _clean_domain(company)
    _clean_place(company)
    if company.phone is not None:
        found = phones.check(company.phone, places.region(company.country) or "US")
        _put(company, "phone", found.number)
    _clean_staff(company)


def _apply(record: Contact | Company, rules: tuple[tuple[str, Rule], ...]) -> None:
    for field, rule in rules:
        before = getattr(record, field)
        if before is not None and (value := rule(before)) != before:
            _put(record, field, value)


def _put(record: Contact | Company, field: str, value: str | None) -> None:
    """Set a field; what stood there and could not be read goes to `extras` under the field's name."""
    if value is None and (lost := tidy(getattr(record, field))) is not None:
        keep(record.extras, field, lost)
    setattr(record, field, value)


def _clean_name(contact: Contact) -> None:
    _hide_masked(contact)
    first, last = names.first_name(contact.first_name), names.last_name(contact.last_name)
    _put(contact, "first_name", first)
    _put(contact, "last_name", last)
    if contact.full_name is not None and contact.full_name == names.full_name(first, last):
        return
    whole = names.split(contact.full_name)
    if first is None and last is None:
        contact.first_name, contact.last_name = whole.first, whole.last
    full = whole.full or names.full_name(first, last)
    if full is not None and len(tidy(contact.full_name) or "") > len(full) + 1:
        # Titles, credentials and nicknames left the name; they are not lost.
        keep(contact.extras, "full_name", tidy(contact.full_name))
    _put(contact, "full_name", full)


def _hide_masked(contact: Contact) -> None:
    """Move what a source shows of a hidden last name out of the fields for names."""
    for field in ("full_name", "last_name"):
        words = (tidy(getattr(contact, field)) or "").split(" ")
        if names.masked(words[-1]):
            contact.last_name_masked = contact.last_name_masked or words[-1]
            if field == "full_name" and contact.first_name is None:
                contact.first_name = names.split(contact.full_name).first
            setattr(contact, field, None)


def _clean_email(contact: Contact) -> None:
    if contact.email is None:
        return
    found = emails.check(contact.email)
    if "email-locked" in found.flags or "email-masked" in found.flags:
        contact.email = None
    else:
        _put(contact, "email", found.address)
    if found.address is None:
        contact.email_status = None
    _flag(contact, "email-", found.flags)


def _clean_phone(contact: Contact) -> None:
    if contact.phone is None:
        return
    found = phones.check(contact.phone, places.region(contact.country or contact.company.country) or "US")
    _put(contact, "phone", found.number)
    if found.extension:
        keep(contact.extras, "phone_extension", found.extension)
    _flag(contact, "phone-", found.flags)


def _clean_place(record: Contact | Company) -> None:
    """City, state, country, metro. A state outside the United States is no two-letter code and stays in `extras`.

    A place in one line is read last, when the fields say nothing: else cleaning again would fill what it empties.
    """
    area = record.city
    if record.country is not None:
        _put(record, "country", places.country(record.country))
    abroad = record.country not in {None, places.UNITED_STATES}
    if record.state is not None:
        _put(record, "state", None if abroad else places.state(record.state))
    if record.city is not None:
        _put(record, "city", places.city(record.city, record.state))
    if isinstance(record, Company) and record.postal_code is not None:
        _put(record, "postal_code", tidy(record.postal_code) if abroad else places.postal_code(record.postal_code))
    record.metro = (None if abroad else places.metro(area, record.state)) or record.metro
    if record.city is record.state is record.country is record.metro is None:
        line = next((value for name in _PLACE_EXTRAS if isinstance(value := record.extras.get(name), str)), None)
        record.city, record.state, record.country = places.locate(line)
        if record.country in {None, places.UNITED_STATES}:
            record.metro = places.metro(line, record.state)


def _clean_company_name(company: Company) -> None:
    if company.name is None:
        return
    legal, trade = company_names.dba(company.name)
    if trade and company.legal_name is None:
        company.legal_name = legal
    elif trade:
        keep(company.extras, "name", company.name)
    _put(company, "name", company_names.display(trade or legal))


def _clean_domain(company: Company) -> None:
    if company.domain is not None:
        _put(company, "domain", domains.registrable(company.domain))
    if company.domain is None:
        company.domain = domains.registrable(company.website)


def _keep_candidates(company: Company) -> None:
    """A code that was divided says less than before: what it may be now stays in sight."""
    if several := industries.candidates(company.naics_code):
        company.extras["naics_candidates"] = list(several)


def _keep_plausible(company: Company) -> None:
    """A head count or year that cannot be goes to `extras`: it is a number of something else."""
    for name in ("employees", "employee_min", "employee_max"):
        _bound(company, name, 0, MOST_STAFF)
    _bound(company, "founded_year", FIRST_YEAR, datetime.now(UTC).year + 1)


def _bound(company: Company, name: str, least: int, most: int) -> None:
    value = getattr(company, name)
    if value is not None and not least <= value <= most:
        keep(company.extras, name, value if isfinite(value) else str(value))
        setattr(company, name, None)


def _clean_staff(company: Company) -> None:
    _keep_plausible(company)
    if company.employees is not None:
        if company.employees > 0:
            return
        # Sources write 0 for "not known".
        company.employees = None
    if company.employee_min is not None or company.employee_max is not None:
        return
    for name in _SIZE_EXTRAS:
        found = sizes.staff(company.extras.get(name))
        if found is not None:
            company.employees = found.exact
            if found.exact is None:
                company.employee_min, company.employee_max = found.least, found.most
            _keep_plausible(company)
            return


def _flag(contact: Contact, prefix: str, flags: tuple[str, ...]) -> None:
    """Replace the flags of one subject: a mended value loses its old flag."""
    held = [flag for flag in contact.flags if flag.startswith(prefix)]
    if held != list(flags):
        contact.flags[:] = [flag for flag in contact.flags if flag not in held] + list(flags)
