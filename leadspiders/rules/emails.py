"""E-mail addresses: well-formed or not, whose they are (a person's, a role's), and at what kind of host.

Syntax is RFC 5322 as people use it, by email-validator and without DNS: whether a mailbox exists is a verifier's word.
"""

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from leadspiders.rules.text import tidy

# What Apollo sends instead of an address that has not been paid for.
_LOCKED = ("email_not_unlocked@", "not_unlocked@")
# What forms and templates show in place of an address: nobody's, although the hosts exist.
_SAMPLE = re.compile(
    r"(?:e?mail|user(?:name)?|name|your\.?(?:name|email)|first\.?(?:name)?\.?last(?:name)?|someone|nobody|na|none|noemail|no\.?email)"
    r"@(?:(?:domain|company|your(?:domain|company)|website|mysite|test|none?|na|email|noemail)\.com|example\.(?:com|net|org))"
)
# "jane doe"@acme.com is an address (RFC 5322, 3.4.1); "jane@acme.com" is one in quotation marks.
_QUOTED = re.compile(r'"[^"@]+"@|[^"<]*<"[^"]+"@|"[^"]*" *<')
# A local part that needs no second look: no quotes, no display name, no letters beyond ASCII.
_PLAIN = re.compile(r"(?=.{1,64}$)[a-z0-9]+(?:[._+-][a-z0-9]+)*")
# The same for a host: no letters beyond ASCII, in Punycode neither (`xn--`).
_PLAIN_HOST = re.compile(r"(?=.{4,250}$)(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63})")


class Email(NamedTuple):
    """`address` is None when there is none or it is malformed; `free` includes throw-away hosts.

    Flags: `email-invalid`, `email-role`, `email-free`, `email-disposable`, `email-locked`, `email-masked`,
    `email-placeholder`.
    """

    address: str | None = None
    valid_syntax: bool = False
    role: bool = False
    free: bool = False
    flags: tuple[str, ...] = ()


@lru_cache(maxsize=16_384)
def check(text: str | None) -> Email:
    """Read one address out of `text` (`Jane <j@x.com>` and `mailto:` included), in lower case.

    A locked, masked or sample address is missing, not invalid: nobody gave one.
    """
    raw = (tidy(text) or "").lower()
    if raw.startswith("mailto:"):
        raw = raw.removeprefix("mailto:").partition("?")[0]
    raw = raw.strip(" ,;'")
    if not _QUOTED.match(raw):
        raw = raw.strip(" ,;\"'")
    if not raw:
        return Email()
    if raw.startswith(_LOCKED):
        return Email(flags=("email-locked",))
    if "*" in raw or "\u2022" in raw:
        return Email(flags=("email-masked",))
    if _SAMPLE.fullmatch(raw):
        return Email(flags=("email-placeholder",))
    local, _, host = raw.rpartition("@")
    if not (len(raw) <= 254 and _PLAIN.fullmatch(local) and _is_plain(host)):
        address = _normalized(raw.rstrip("."))
        if address is None:
            return Email(flags=("email-invalid",))
        local, _, host = address.rpartition("@")
    else:
        address = raw
    role, kind = is_role(local), _hosts().get(host)
    flags = [flag for flag, on in (("email-role", role), (f"email-{kind}", kind is not None)) if on]
    return Email(address, valid_syntax=True, role=role, free=kind is not None, flags=tuple(flags))


def _normalized(address: str) -> str | None:
    """The address as the library writes it, None for one that RFC 5322 does not allow."""
    try:
        # test_environment lets the reserved .test domain through, which stand-ins of real services use.
        found = validate_email(
            address,
            check_deliverability=False,
            allow_display_name=True,
            allow_quoted_local=True,
            test_environment=True,
        )
    except EmailNotValidError:
        return None
    return found.normalized.lower()


@lru_cache(maxsize=16_384)  # colleagues share it
def _is_plain(host: str) -> bool:
    """Whether the library takes a host as it is written."""
    plain = _PLAIN_HOST.fullmatch(host)
    if plain and plain[1] not in SPECIAL_USE_DOMAIN_NAMES:
        return True
    return _normalized(f"a@{host}") == f"a@{host}"


def is_role(local: str) -> bool:
    """True when the part before the @ names a desk and not a person (`info`, `hr+jobs`, `sales2`)."""
    return local.partition("+")[0].rstrip("0123456789") in _roles()


def is_free(host: str) -> bool:
    """True for hosts where anybody gets an address, throw-away ones included: no word about an employer."""
    return host.lower() in _hosts()


@cache
def _roles() -> frozenset[str]:
    text = (files("leadspiders.rules") / "data" / "role_addresses.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split() if not line.startswith("#"))


@cache
def _hosts() -> dict[str, str]:
    rows = (files("leadspiders.rules") / "data" / "mail_hosts.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {host: kind for host, _, kind in (row.partition(",") for row in rows)}
