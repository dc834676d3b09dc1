"""A person in a role at a company: the lead, once it is matched, scored and stored."""

from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.items.evidence import Evidence
from leadspiders.items.origin import Origin
from leadspiders.items.scores import Scores

LeadState = Literal["raw", "identified", "enriched", "ready"]
EmailStatus = Literal["valid", "risky", "invalid", "unknown"]


@dataclass(slots=True, kw_only=True)
class Contact:
    """None means "not known".

    `provider_key` is `<provider>:<id>`, the only key a masked search result has; `last_name_masked` is what Apollo
    shows before the paid match (`Sm***h`) and is never stored as a name; `email_status` is `valid` only where a
    verifier said so; `phone` is E.164; `linkedin_url` the canonical form. `known` says that the contact is in the
    database already, under `id`: what it holds there has been read into the empty fields.
    """

    full_name: str | None = field(default=None, repr=False)
    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    last_name_masked: str | None = field(default=None, repr=False)
    title: str | None = None
    seniority: str | None = None
    email: str | None = field(default=None, repr=False)
    email_status: EmailStatus | None = None
    phone: str | None = field(default=None, repr=False)
    linkedin_url: str | None = field(default=None, repr=False)
    profile_picture_url: str | None = field(default=None, repr=False)
    provider_key: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    metro: str | None = None
    company: Company = field(default_factory=Company)
    lead_state: LeadState = "raw"
    flags: list[str] = field(default_factory=list)
    extras: dict[str, Any] = field(default_factory=dict, repr=False)
    lineage: dict[str, Evidence] = field(default_factory=dict, repr=False)
    origin: Origin | None = None
    id: UUID | None = None
    known: bool = False
    scores: Scores | None = None
