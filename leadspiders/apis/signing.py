"""How a credential joins a request, for all who carry requests: the crawl, the cassettes, `scrapy keys check`.

Plain data in, plain data out. It is called at the last moment, and nothing keeps what it returns.
"""

import base64
import json
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from leadspiders.apis.http import Api, Auth


@dataclass(frozen=True, slots=True)
class Signed:
    """What goes out: the URL, the headers to add, and the body."""

    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def sign(api: Api, key: str, *, url: str, body: bytes) -> Signed:
    """The credential where this API takes it.

    An API that takes it in the JSON body takes it in the query of a call that has no body.
    """
    auth = Auth.QUERY if api.auth is Auth.JSON_FIELD and not body else api.auth
    if auth is Auth.HEADER:
        return Signed(url, {api.auth_field: key}, body)
    if auth is Auth.BEARER:
        return Signed(url, {"Authorization": f"Bearer {key}"}, body)
    if auth is Auth.BASIC:
        return Signed(url, {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"}, body)
    if auth is Auth.JSON_FIELD:
        return Signed(url, {}, json.dumps(json.loads(body) | {api.auth_field: key}).encode())
    if auth is Auth.QUERY:
        parts = urlsplit(url)
        query = "&".join(part for part in (parts.query, urlencode({api.auth_field: key})) if part)
        return Signed(parts._replace(query=query).geturl(), {}, body)
    return Signed(url, {}, body)
