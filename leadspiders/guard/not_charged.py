"""After which errors of a call nothing was charged, so that its money is given back."""

from collections.abc import Mapping

from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unreachable

NOT_CHARGED: Mapping[type[Exception], str] = {
    CredentialRefused: "credential-refused",
    QuotaUsedUp: "quota-used-up",
    RateLimited: "rate-limited",
    RequestRefused: "request-refused",
    Unreachable: "provider-down",
}
"""Ends of a call after which the provider has done nothing, and the word for why nothing was bought."""


def not_charged(error: BaseException) -> str | None:
    """The word for an error after which the provider has done nothing; None where nobody knows."""
    return next((word for kind, word in NOT_CHARGED.items() if isinstance(error, kind)), None)
