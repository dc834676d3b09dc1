"""Tells downloads that failed before anything of the request left from those of which nobody knows.

A request is written once a connection stands, and over TLS once the handshake is through. What fails earlier costs
nothing; what is not told for certain here may have been charged.
"""

from OpenSSL import SSL
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, UnsupportedURLSchemeError
from service_identity import VerificationError
from twisted.internet.error import ConnectError
from twisted.web.client import ResponseFailed

NO_CONNECTION = (CannotResolveHostError, DownloadConnectionRefusedError, UnsupportedURLSchemeError, ConnectError)
HANDSHAKE = (
    "certificate verify failed", "handshake failure", "no shared cipher", "protocol version", "unrecognized name",
    "unsupported protocol", "wrong version number",
)  # fmt: skip
"""What OpenSSL says of a handshake that fails. Other errors of its come later as well."""


def nothing_sent(error: BaseException) -> bool:
    """Whether the service has certainly heard nothing. A connection that took too long is a cause of Scrapy's time-out;
    a time-out by itself is an answer that took too long."""
    cause = error.__cause__
    if isinstance(error, NO_CONNECTION) or isinstance(cause, NO_CONNECTION):
        return True
    failed = cause if isinstance(cause, ResponseFailed) else error
    return isinstance(failed, ResponseFailed) and any(_no_handshake(reason.value) for reason in failed.reasons)


def _no_handshake(error: BaseException) -> bool:
    if isinstance(error, VerificationError):
        return True
    return isinstance(error, SSL.Error) and any(words in str(error) for words in HANDSHAKE)
