"""The BLS timeseries API, which answers 200 whatever happens."""

import pytest

from leadspiders.apis.bls_api import read_series, series_calls, series_id
from leadspiders.errors import CredentialRefused, QuotaUsedUp
from tests.cassettes.deck import MARK, Deck

OHIO = series_id("39000", "establishments")
NOWHERE = series_id("39998", "establishments")


def test_points_of_a_series(deck: Deck) -> None:
    with deck.play("bls_api/series") as driver:
        found = read_series(driver.send(series_calls([OHIO, NOWHERE], 2024, 2025)[0]))
    quarters = [(point.year, point.period) for point in found.series[OHIO]]
    assert quarters == [(year, f"Q0{quarter}") for year in (2025, 2024) for quarter in (4, 3, 2, 1)]
    assert all(point.value for point in found.series[OHIO])
    assert found.series[NOWHERE] == []
    assert any(NOWHERE in note for note in found.notes)


def test_a_wrong_key_is_refused_and_not_repeated(deck: Deck) -> None:
    with deck.play("bls_api/key_refused", "invalid") as driver:
        reply = driver.send(series_calls([OHIO], 2025, 2025)[0])
    with pytest.raises(CredentialRefused, match="BLS_API_KEY") as caught:
        read_series(reply)
    assert reply.status == 200
    assert MARK not in str(caught.value)


def test_the_queries_of_the_day_are_used_up(deck: Deck) -> None:
    with pytest.raises(QuotaUsedUp, match="daily threshold"):
        used_up(deck)


def test_a_used_up_quota_does_not_repeat_the_key(deck: Deck) -> None:
    with pytest.raises(QuotaUsedUp) as caught:
        used_up(deck)
    assert MARK not in str(caught.value)


def used_up(deck: Deck) -> None:
    call = series_calls([OHIO], 2025, 2025)[0]
    with deck.play("bls_api/quota_used_up", "small") as driver:
        driver.wear_out(call, times=10)
        reply = driver.send(call)
    read_series(reply)
