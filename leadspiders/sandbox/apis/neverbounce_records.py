"""What NeverBounce says about an address: a result, flags, and what it took the address apart into."""

from typing import Any

from leadspiders.sandbox.world import mailboxes
from leadspiders.sandbox.world.truth import World

Json = dict[str, Any]
API = "neverbounce"
RESULTS = ("valid", "invalid", "disposable", "catchall", "unknown")
"""In the order of their numeric codes."""
_UNCLEAR = 0.02  # of the addresses: the mail server gives no clear word
_WORDS = {
    "valid": "valid",
    "catch-all": "catchall",
    "webmail": "valid",
    "disposable": "disposable",
    "invalid": "invalid",
}


def result(world: World, address: str) -> str:
    """One of `RESULTS`: the truth, or `unknown`."""
    if mailboxes.well_formed(address.lower()) and mailboxes.unanswered(API, address, _UNCLEAR):
        return "unknown"
    return _WORDS[mailboxes.truth(world, address)]


def verification(world: World, address: str) -> Json:
    """`verification` of a job's result, and the middle of a single check."""
    return {
        "result": result(world, address),
        "flags": _flags(world, address.lower()),
        "suggested_correction": "",
        "address_info": _parts(address),
    }


def _flags(world: World, address: str) -> list[str]:
    label, _, domain = address.partition("@")
    if not mailboxes.well_formed(address):
        return ["bad_syntax"]
    truth = mailboxes.truth(world, address)
    there = domain in world.companies_by_domain or truth in ("webmail", "disposable")
    flags = {
        "has_dns": there,
        "has_dns_mx": there,
        "smtp_connectable": there,
        "free_email_host": truth == "webmail",
        "role_account": label in mailboxes.ROLES,
        "disposable_email": truth == "disposable",
    }
    return [flag for flag, on in flags.items() if on]


def _parts(address: str) -> Json:
    label, _, host = address.partition("@")
    name, _, alias = label.partition("+")
    domain, tld = ".".join(host.split(".")[-2:]), host.rpartition(".")[2]
    return {
        "original_email": address,
        "normalized_email": address.lower(),
        "addr": name,
        "alias": alias,
        "host": host,
        "fqdn": host,
        "domain": domain,
        "subdomain": host.removesuffix(domain).strip("."),
        "tld": tld,
    }
