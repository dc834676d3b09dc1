"""What an error of a whole delivery means: the service is ill, nothing can be delivered now, or a lead is to blame."""

from enum import StrEnum

from leadspiders.apis.http import Call, Conversation, Reply, T, carried
from leadspiders.errors import ApiError, CredentialRefused, QuotaUsedUp, RateLimited, Unavailable, Unreachable

FIRST_REST_SECONDS = 5.0
LONGEST_REST_SECONDS = 300.0


class Meaning(StrEnum):
    """What to do about it."""

    WAIT = "wait"
    """The same leads may be taken a moment later."""
    STOP = "stop"
    """No lead will be taken until somebody mends the cause, or the day is over."""
    LEADS = "leads"
    """One of the leads is wrong, or its answer could not be read: the others are sent without it."""


class Stumbled(ApiError):
    """The destination's own code broke over a lead or an answer."""


def meaning(error: Exception) -> Meaning:
    """What an error of `Door.hold` means. What is no `ApiError` comes from the network: a cut line, a time-out."""
    if isinstance(error, CredentialRefused | QuotaUsedUp):
        return Meaning.STOP
    if isinstance(error, RateLimited | Unavailable | Unreachable) or not isinstance(error, ApiError):
        return Meaning.WAIT
    return Meaning.LEADS


def asked_seconds(error: Exception) -> float:
    """How long the service asks to be left alone; 0 when it does not say."""
    return (error.retry_after or 0.0) if isinstance(error, RateLimited) else 0.0


def rest_seconds(error: Exception, failures: int, first: float = FIRST_REST_SECONDS) -> float:
    """How long to rest after so many failures in a row: doubled each time up to 5 minutes, and at least as asked."""
    grown = min(first * 2.0 ** min(failures - 1, 20), LONGEST_REST_SECONDS)
    return max(grown, asked_seconds(error))


def said(error: Exception) -> str:
    """An error in words; some of the network's have none."""
    return str(error) or type(error).__name__


def guarded(conversation: Conversation[T]) -> Conversation[T]:
    """The same conversation, whose own mistakes are `Stumbled`, so that they are told from those of the network."""
    told: list[Exception] = []

    def listening(call: Call) -> Conversation[Reply]:
        try:
            return (yield call)
        except Exception as error:
            told.append(error)
            raise

    try:
        return (yield from carried(conversation, listening))
    except ApiError:
        raise
    except Exception as error:
        if error in told:
            raise
        raise Stumbled(f"{type(error).__name__} in the code of the destination") from error
