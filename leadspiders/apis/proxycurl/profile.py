"""A person's profile, by its LinkedIn URL, or found by name and employer."""

from typing import Any, ClassVar

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call
from leadspiders.apis.proxycurl.contract import look_up_call
from leadspiders.apis.records import other_fields, read_records
from leadspiders.errors import Unreadable
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact

PROFILE_PATH = "/proxycurl/api/v2/linkedin"
RESOLVE_PATH = "/proxycurl/api/linkedin/profile/resolve"
CACHED = ("use_cache", "if-present")


class Job(msgspec.Struct):
    """One entry of `experiences`: the current one has no end."""

    company: str | None = None
    title: str | None = None
    ends_at: dict[str, Any] | None = None
    company_linkedin_profile_url: str | None = None


class Profile(msgspec.Struct):
    """A profile."""

    public_identifier: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    experiences: list[Job] | None = None
    profile_pic_url: str | None = None

    kept: ClassVar = frozenset({"headline", "occupation", "personal_emails", "skills", "summary", "industry"})
    dropped: ClassVar = frozenset(
        {"country_full_name", "background_cover_image_url", "education", "languages", "accomplishment_organisations",
         "certifications", "connections", "follower_count", "people_also_viewed", "recommendations", "activities",
         "similarly_named_profiles", "articles", "groups", "volunteer_work", "inferred_salary", "gender",
         "birth_date", "extra", "interests", "personal_numbers"}
    )  # fmt: skip


class Resolved(msgspec.Struct):
    """Where a profile is, and what is on it."""

    url: str
    profile: dict[str, Any] | None = None

    dropped: ClassVar = frozenset({"last_updated", "name_similarity_score", "title_similarity_score"}) | frozenset(
        {"company_similarity_score", "location_similarity_score"}
    )


def profile_call(url: str) -> Call:
    """The call for one profile by its URL."""
    return look_up_call(PROFILE_PATH, (("url", url), CACHED), "read profile")


def resolve_call(first_name: str, last_name: str, domain: str) -> Call:
    """The call for the profile of a person by name and the domain of the employer."""
    params = (("first_name", first_name), ("last_name", last_name), ("company_domain", domain))
    return look_up_call(RESOLVE_PATH, (*params, ("enrich_profile", "enrich")), "find profile")


def read_profile(raw: bytes, drift: Drift | None = None) -> Contact:
    """The person of a profile; raises `Unreadable` for another body."""
    return _profile(_decoded(raw), drift)


def read_resolved(raw: bytes, drift: Drift | None = None) -> Contact:
    """The person whose profile was found; raises `Unreadable` for another body."""
    read, broken = read_records([_decoded(raw)], Resolved, "proxycurl.resolved", drift)
    if not read:
        raise Unreadable(f"Proxycurl's answer cannot be read: {broken[0].reason if broken else 'it is empty'}")
    found, _ = read[0]
    contact = _profile(found.profile, drift) if found.profile else Contact()
    contact.linkedin_url = found.url
    return contact


def _decoded(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        raise Unreadable("Proxycurl's profile is no JSON") from error


def _profile(record: Any, drift: Drift | None) -> Contact:
    read, broken = read_records([record], Profile, "proxycurl.profiles", drift)
    if not read:
        raise Unreadable(f"Proxycurl's profile cannot be read: {broken[0].reason if broken else 'it is empty'}")
    profile, plain = read[0]
    # Two jobs may be current: the first is the one that the profile shows at its top.
    job = next((job for job in profile.experiences or [] if job.ends_at is None), Job())
    key = profile.public_identifier
    return Contact(
        full_name=profile.full_name
        or " ".join(part for part in (profile.first_name, profile.last_name) if part)
        or None,
        first_name=profile.first_name,
        last_name=profile.last_name,
        title=job.title,
        linkedin_url=f"https://www.linkedin.com/in/{key}" if key else None,
        profile_picture_url=profile.profile_pic_url,
        city=profile.city,
        state=profile.state,
        country=profile.country,
        company=Company(name=job.company, linkedin_url=job.company_linkedin_profile_url),
        extras=other_fields(plain, Profile),
    )
