"""Which offer a lead is asked for next: the campaign names providers field by field, and each offer is asked once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from leadspiders.campaigns.names import Fillable
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Offer
from leadspiders.rules.waterfall import unproven, without_dead_address

VERDICT = "email_status"


def key(offer: Offer) -> str:
    """What an offer is called among all: `apollo/match`."""
    return f"{offer.provider}/{offer.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One offer to ask about a lead, and the missing fields that it is asked for; for a verdict, `email_status`."""

    offer: Offer
    fields: tuple[str, ...]
    token: str
    """The question is asked once a lead. A verifier may be asked again about another address."""


Ranked = Callable[[Fillable, Sequence[Offer]], Sequence[Offer]]
"""The offers for a field in another order than the campaign's."""


def next_question(
    lead: Contact,
    missing: Collection[Fillable],
    order: Mapping[Fillable, Sequence[str]],
    offers: Mapping[str, Sequence[Offer]],
    *,
    asked: Collection[str],
    ranked: Ranked | None = None,
) -> Question | None:
    """The first offer that fills the first missing field it can, and wants the lead; None when nothing is left to ask.

    `offers` are those of each provider by its name; a provider without any (retired, without a key) is passed over.
    """
    seen = without_dead_address(lead)
    for field in missing:
        known = [offer for name in order[field] for offer in offers.get(name, ()) if field in offer.fills]
        for offer in ranked(field, known) if ranked else known:
            if key(offer) not in asked and offer.wants(seen):
                return Question(
                    offer=offer, fields=tuple(one for one in missing if one in offer.fills), token=key(offer)
                )
    return None


def next_verifier(
    lead: Contact, verifiers: Sequence[str], offers: Mapping[str, Sequence[Offer]], *, asked: Collection[str]
) -> Question | None:
    """The first offer of a verdict on the lead's address that was not asked about it yet; None when one is final."""
    if not unproven(lead, verifiers):
        return None
    for name in verifiers:
        for offer in offers.get(name, ()):
            token = f"{key(offer)} {lead.email}"
            if VERDICT in offer.fills and token not in asked and offer.wants(lead):
                return Question(offer=offer, fields=(VERDICT,), token=token)
    return None
