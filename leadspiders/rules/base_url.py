"""Where an API is asked, in one spelling: that in which Scrapy writes the URL of a request.

A credential goes only to its API's own address, so that another spelling of the same host would never be given one.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

from leadspiders.errors import ArgumentError

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
NOWHERE: Final = "https://misspelled.invalid"
"""In place of an address that is none: a call must not go to the real service instead."""
_HOST: Final = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+")


def base_url(name: str, text: str) -> str:
    """The address that the environment name `name` gives: lower-case host, no default port, no slash at its end.

    Raises `ArgumentError`, which does not repeat the address: it may hold a password.
    """
    try:
        parts = urlsplit(safe_url_string(text.strip()))
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in DEFAULT_PORTS or not _HOST.fullmatch(host or ""):
        raise ArgumentError(f"{name} is no address: write it as https://host, with a port or a path if it has one")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ArgumentError(f"{name} has a user, a query or a fragment: give scheme, host and path only")
    place = f"[{host}]" if host and ":" in host else host
    if port is not None and port != DEFAULT_PORTS[scheme]:
        place = f"{place}:{port}"
    return f"{scheme}://{place}{parts.path.rstrip('/')}"


def base_urls(given: Mapping[str, tuple[str, str]]) -> tuple[dict[str, str], str | None]:
    """The addresses by API, from `(environment name, address)` of each, and what is wrong with the first bad one."""
    urls, problems = {}, []
    for api, (name, text) in given.items():
        try:
            urls[api] = base_url(name, text)
        except ArgumentError as error:
            urls[api] = NOWHERE
            problems.append(str(error))
    return urls, next(iter(problems), None)
