"""The credentials of an API in the order in which they are used, and what closes one of them."""

from datetime import UTC, datetime, timedelta
from typing import Final

from leadspiders.errors import ApiError, CredentialRefused, QuotaUsedUp
from leadspiders.guard.keyring import Keyring
from leadspiders.rules.pace import ALWAYS_ALIGNED_SECONDS, SECOND, Window
from leadspiders.stores.redis.pace import Closed, Key, closings

CLOSED_UNTOLD: Final = timedelta(hours=1)
"""A used-up quota that names no time, of an API that declares no window so long; some are counted by the hour."""
CREDITS_CLOSED: Final = timedelta(minutes=10)
"""Used-up credits: somebody may buy more at any time."""
REFUSED_CLOSED: Final = timedelta(minutes=10)
"""A refused key: somebody may mend its rights; a new key is another credential, and is not closed."""
SHORTEST_CLOSING: Final = timedelta(seconds=5)
"""Whatever time a provider names: it may lie in the past, by its clock or ours."""
REFUSED: Final = "refused: "


def ring_of(api: str, keyring: Keyring) -> tuple[Key, ...]:
    """The API's credentials; those that name no team are one, and one that needs none is anonymous."""
    ring = keyring.ring(api)
    first = next((one.id for one in ring if not one.team), "")
    keys = tuple(Key(one.id, f"team:{one.team}" if one.team else first) for one in ring)
    return keys or (Key(f"{api}-anonymous", ""),)


def closing(
    key: Key, group: str, error: ApiError, windows: tuple[Window, ...], now: datetime, *, paid: bool
) -> tuple[str, datetime, str]:
    """What an error closes, until when, and why."""
    fields = closings(key, group, paid=paid)
    if isinstance(error, QuotaUsedUp):
        untold = now + CREDITS_CLOSED if paid else quota_reset(windows, now)
        return fields[-1], max(error.retry_at or untold, now + SHORTEST_CLOSING), str(error)
    whole = error.status == 401  # else it may lack a right for these endpoints
    return fields[0 if whole else 1], now + REFUSED_CLOSED, f"{REFUSED}{error}"


def quota_reset(windows: tuple[Window, ...], now: datetime) -> datetime:
    """When a used-up quota is there again of which the provider said nothing: when its longest window ends.

    Days and hours are taken for those of UTC.
    """
    longest = max((one.micros // SECOND for one in windows if not one.gap), default=0)
    if longest < ALWAYS_ALIGNED_SECONDS:
        return now + CLOSED_UNTOLD
    return datetime.fromtimestamp((now.timestamp() // longest + 1) * longest, UTC)


def shut(api: str, closed: Closed) -> ApiError:
    """The error to raise where no credential is open."""
    when = f"{closed.until:%Y-%m-%d %H:%M} UTC"
    if closed.reason.startswith(REFUSED):
        return CredentialRefused(f"{closed.reason.removeprefix(REFUSED)} ({api} is not asked before {when})")
    return QuotaUsedUp(f"{closed.reason} ({api} is not asked before {when})", retry_at=closed.until)
