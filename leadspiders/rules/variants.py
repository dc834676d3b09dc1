"""Which set of weights scores a company: by hash, so that all workers agree and a company never changes sides."""

from hashlib import blake2b

from leadspiders.campaigns.model import Campaign
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.company_names import clean


def sticky_key(company: Company, contact: Contact | None) -> str:
    """What a company is recognized by when its variant is drawn: its clean name, which is known before all else.

    Domain and UEI come later, with a paid match, and would change its side. Companies of one name share a variant.
    """
    known = clean(company.name) or company.domain or company.uei or company.provider_key
    return known or (contact and contact.provider_key) or ""


def assign(campaign: Campaign, sticky_key: str) -> str:
    """Name of the variant for that sticky key, in proportion to the shares of the campaign.

    The campaign's name is part of the hash: the halves of one experiment are not the halves of the next.
    """
    digest = blake2b(f"{campaign.name}\0{sticky_key}".encode(), digest_size=8).digest()
    drawn = int.from_bytes(digest, "big") / 2**64
    reached = 0.0
    shared = [(name, variant.share) for name, variant in campaign.scoring.variants.items() if variant.share]
    for name, share in shared:
        reached += share
        if drawn < reached:
            return name
    return shared[-1][0]  # shares such as 0.7 + 0.2 + 0.1 reach only 0.9999999999999999
