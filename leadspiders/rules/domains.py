"""The domain a company registered, out of whatever was written where its web address belongs.

By the public suffix list that tldextract brings along: no download, no cache file. The names RFC 2606 sets aside for
examples count as suffixes, or every company of a demonstration would be the one company `example.com`.
"""

import re
from functools import cache, lru_cache
from importlib.resources import files

import idna
from tldextract import TLDExtract
from w3lib.url import canonicalize_url, url_query_cleaner

from leadspiders.rules.text import tidy

_EXAMPLES = ("example.com", "example.net", "example.org")
_RESERVED = frozenset({"example", "test", "invalid"})
_NAME = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
_HOST = re.compile(rf"(?=.{{4,253}}$){_NAME}")
# What most sources send is a name alone, or a URL of nothing but a name: it needs no second look.
_PLAIN = re.compile(rf"(?=.{{4,250}}$)(https?://)?({_NAME})/?")
# One slash or three, and `https://https://`, as people paste them.
_SCHEME = re.compile(r"^(?:https?:/+)*([a-z][a-z0-9+.-]*):/+", re.IGNORECASE)
# Parameters that say where a click came from and not which page it is.
_TRACKING = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid", "fbclid", "msclkid", "trk")


@lru_cache(maxsize=16_384)
def registrable(text: str | None) -> str | None:
    """`http://www.Shop.example.co.uk/x` -> `example.co.uk`; None for social networks, site builders, IPs."""
    name = host(text)
    if name is None:
        return None
    if (top := name.rpartition(".")[2]) in _RESERVED:
        labels = name.removesuffix("." + top).split(".")
        return f"{labels[-1]}.{top}"
    found = _extract()(name)
    whole = f"{found.domain}.{found.suffix}"
    return whole if found.domain and found.suffix and whole not in _shared() else None


@lru_cache(maxsize=16_384)
def website(text: str | None) -> str | None:
    """A URL in one form: https where no scheme is given, lower-case host, no fragment, click tracking or bare `/`."""
    if text and (plain := _PLAIN.fullmatch(text)):
        return f"{plain[1] or 'https://'}{plain[2]}"
    name, raw = host(text), tidy(text)
    if name is None or raw is None or "@" in raw:
        return None
    scheme = _SCHEME.match(raw)
    rest = raw[scheme.end() :] if scheme else raw.lstrip("/")
    whole = f"{scheme[1].lower() if scheme else 'https'}://{rest}"
    if not whole.startswith(("http://", "https://")):
        return None
    try:
        clean = canonicalize_url(url_query_cleaner(whole, _TRACKING, remove=True))
    except ValueError:
        return None
    return clean.removesuffix("/") if clean.count("/") == 3 else clean


def host(text: str | None) -> str | None:
    """The host in lower-case ASCII (IDN as `xn--`), without port; None when there is no name with a dot in it."""
    if text and (plain := _PLAIN.fullmatch(text)):
        return plain[2]
    raw = (tidy(text) or "").lower()
    raw = _SCHEME.sub("", raw).lstrip("/")
    name = re.split(r"[/?#\\]", raw, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].strip(".")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError:
            return None
    return name if _HOST.fullmatch(name) else None


@cache
def _extract() -> TLDExtract:
    return TLDExtract(suffix_list_urls=(), cache_dir=None, extra_suffixes=_EXAMPLES)


@cache
def _shared() -> frozenset[str]:
    text = (files("leadspiders.rules") / "data" / "shared_hosts.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))
