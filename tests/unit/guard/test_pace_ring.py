"""What closes a credential, and until when."""

from datetime import UTC, datetime, timedelta

from leadspiders.errors import CredentialRefused, QuotaUsedUp
from leadspiders.guard.pace_ring import CREDITS_CLOSED, closing
from leadspiders.rules.pace import SECOND, Window
from leadspiders.stores.redis.pace import Key

NOW = datetime(2026, 11, 22, 15, 20, tzinfo=UTC)
KEY = Key("apollo-1", "team:one")
MINUTE = Window(9, 60 * SECOND)
HOUR, DAY = Window(9, 3_600 * SECOND, aligned=True), Window(9, 86_400 * SECOND, aligned=True)


def until(*windows: Window, retry_at: datetime | None = None, paid: bool = False) -> tuple[str, datetime]:
    error = QuotaUsedUp("used up", retry_at=retry_at)
    return closing(KEY, "search", error, windows, NOW, paid=paid)[:2]


def test_a_used_up_quota_opens_when_the_provider_says() -> None:
    assert until(DAY, retry_at=NOW + timedelta(hours=3)) == ("quota:team:one|search", NOW + timedelta(hours=3))


def test_else_when_its_longest_window_ends() -> None:
    assert until(MINUTE, HOUR, DAY)[1] == datetime(2026, 11, 23, tzinfo=UTC)
    assert until(MINUTE, HOUR)[1] == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert until(MINUTE)[1] == NOW + timedelta(hours=1)


def test_used_up_credits_are_asked_for_again_soon_and_close_only_what_costs() -> None:
    assert until(DAY, paid=True) == ("quota:team:one|credits", NOW + CREDITS_CLOSED)


def test_a_key_that_nobody_knows_is_closed_whole_and_one_without_rights_for_its_group() -> None:
    fields = [closing(KEY, "bulk", CredentialRefused("no", status=n), (), NOW, paid=False)[0] for n in (401, 403)]
    assert fields == ["apollo-1", "apollo-1|bulk"]
