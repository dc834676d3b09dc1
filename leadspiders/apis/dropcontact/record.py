"""A record as Dropcontact completes it, what its words for an address are worth, and the contact they make."""

from typing import Any, ClassVar

import msgspec

from leadspiders.apis.records import other_fields, read_records
from leadspiders.errors import Unreadable
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact, EmailStatus

DO_NOT_CONTACT = "do-not-contact"
"""The flag of a person whose address Dropcontact may not give out, because they objected."""

# By the part before the @; `pro` is the other part of a person's address at work. A school or private address that
# exists is no proof for the job, a catch-all host takes any name.
VERDICTS: dict[tuple[str, str], EmailStatus] = {
    ("nominative", "pro"): "valid",
    ("nominative", "perso"): "risky",
    ("nominative", "school"): "risky",
    ("catch_all", "pro"): "risky",
}
REFUSED = "do_not_contact"
INVALID = frozenset({"invalid", "disposable"})
_RANK: tuple[EmailStatus, ...] = ("valid", "risky", "unknown", "invalid")

CHECKED = "checked"
"""In the custom fields of a record that was sent with an address: the verdict is about that one."""


class Address(msgspec.Struct):
    """One address that was found."""

    email: str | None = None
    qualification: str | None = None


class Record(msgspec.Struct):
    """What comes back for one record: what was sent, completed. Presence of every field varies."""

    email: list[Address] | None = None
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    phone: str | None = None
    mobile_phone: str | None = None
    company: str | None = None
    website: str | None = None
    linkedin: str | None = None
    company_linkedin: str | None = None
    nb_employees: str | int | None = None
    job: str | None = None
    country: str | None = None
    custom_fields: dict[str, Any] | None = None

    kept: ClassVar = frozenset(
        {"civility", "job_function", "job_level", "location", "num_siren", "siren", "siret", "siret_address",
         "siret_zip", "siret_city", "vat", "naf5_code", "naf5_des", "company_results"}
    )  # fmt: skip


def read_record(raw: bytes) -> Contact:
    """The contact of one kept record; raises `Unreadable` when it is none."""
    try:
        read, broken = read_records([msgspec.json.decode(raw)], Record, "dropcontact.records")
    except ValueError as error:
        raise Unreadable("the kept record is no JSON") from error
    if not read:
        raise Unreadable(f"the kept record cannot be read: {broken[0].reason if broken else 'it is empty'}")
    return contact(*read[0])


def contact(record: Record, plain: dict[str, Any]) -> Contact:
    """The contact of a record. An address that is invalid is told only about the one that was to be checked."""
    address, status = best(record.email or [])
    objected = any(_words(one)[0] == REFUSED for one in record.email or [])
    if objected or (status == "invalid" and CHECKED not in (record.custom_fields or {})):
        address = status = None
    staff = {"employee_range": str(record.nb_employees)} if record.nb_employees else {}
    return Contact(
        full_name=record.full_name or " ".join(part for part in (record.first_name, record.last_name) if part) or None,
        first_name=record.first_name,
        last_name=record.last_name,
        title=record.job,
        email=address,
        email_status=status,
        phone=record.mobile_phone or record.phone,
        linkedin_url=record.linkedin,
        flags=[DO_NOT_CONTACT] if objected else [],
        company=Company(
            name=record.company,
            website=record.website,
            linkedin_url=record.company_linkedin,
            country=record.country,
            extras=staff,
        ),
        extras=other_fields(plain, Record),
    )


def best(addresses: list[Address]) -> tuple[str | None, EmailStatus | None]:
    """The address with the best verdict, the first of equals; none where there is none."""
    judged = [(one.email, verdict(one)) for one in addresses if one.email]
    return min(judged, key=lambda pair: _RANK.index(pair[1]), default=(None, None))


def verdict(address: Address) -> EmailStatus:
    """What the qualification of an address is worth."""
    local, domain = _words(address)
    if local in INVALID or domain in INVALID:
        return "invalid"
    return VERDICTS.get((local, domain), "unknown")


def _words(address: Address) -> tuple[str, str]:
    """Both parts, in one spelling: `Catch-All@Pro` is `catch_all@pro`."""
    local, _, domain = (address.qualification or "").strip().lower().replace("-", "_").partition("@")
    return local, domain
