"""Follows a redirect only where nothing is given away: never from https to http, and never with a body to another host.

Credentials stay behind by themselves, because they enter at the last hop and only for the API's own address. A body is
somebody's name or e-mail, which was meant for one service.

A redirect that is not followed is the answer: the readers in `apis` say what it means. An exception raised here would
pass by all who note how a request ended.
"""

import logging
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

log = logging.getLogger(__name__)


class Redirects(RedirectMiddleware):
    """Scrapy's own, with that check, and without the Referer header, which would tell other hosts what was asked."""

    def handle_referer(self, request: Request, response: Response) -> None:
        """None goes along."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Scrapy's own looks for the middleware that sets referrers, and warns when it is off."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Where it leads to, or the redirect itself when it is not followed."""
        try:
            return super().process_response(request, response)
        except (IgnoreRequest, ValueError) as refused:  # or an address that is none
            log.warning("%s", refused)
            return response

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        if problem := unsafe(request, redirected):
            raise IgnoreRequest(f"{urlparse_cached(request).hostname} redirects {problem}: not followed")
        return super()._redirect(redirected, request, reason)


def unsafe(request: Request, redirected: Request) -> str | None:
    """What is wrong with going there, or None."""
    here, there = urlparse_cached(request), urlparse_cached(redirected)
    if here.scheme == "https" and there.scheme != "https":
        return "to a connection that is not encrypted"
    if redirected.body and (here.scheme, here.netloc) != (there.scheme, there.netloc):
        return f"what was sent to it to another host, {there.hostname}"
    return None
