import pytest
from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectionLost, NoRouteError, TCPTimedOutError
from twisted.internet.error import TimeoutError as ConnectTimeout
from twisted.python.failure import Failure
from twisted.web.client import ResponseNeverReceived

from leadspiders.middlewares.nothing_sent import nothing_sent


def told(error: Exception, cause: Exception) -> Exception:
    """As Scrapy wraps it."""
    error.__cause__ = cause
    return error


def never_received(reason: Exception) -> Exception:
    return told(DownloadFailedError("failed"), ResponseNeverReceived([Failure(reason)]))


UNTRUSTED = SSL.Error([("SSL routines", "", "certificate verify failed")])
BROKEN = SSL.Error([("SSL routines", "", "decryption failed or bad record mac")])


@pytest.mark.parametrize(
    "error",
    [
        CannotResolveHostError("no such host"),
        DownloadConnectionRefusedError("nobody listens"),
        NoRouteError(),
        TCPTimedOutError(),
        told(DownloadTimeoutError("no connection"), ConnectTimeout()),
        never_received(UNTRUSTED),
        never_received(VerificationError(errors=[])),
    ],
)
def test_nothing_left(error: Exception) -> None:
    assert nothing_sent(error)


@pytest.mark.parametrize(
    "error",
    [
        DownloadTimeoutError("took longer than 60 seconds"),
        never_received(ConnectionLost()),
        never_received(BROKEN),
        ValueError("what"),
    ],
)
def test_nobody_knows(error: Exception) -> None:
    assert not nothing_sent(error)
