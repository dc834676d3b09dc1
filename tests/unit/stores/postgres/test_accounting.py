from leadspiders.stores.postgres.accounting import Account
from leadspiders.stores.postgres.outcomes import Outcome


def test_what_has_no_outcome_yet_is_pending():
    found = Account(seen=10, settled=7, stored=4, merged=1, refused={"a": 1}, parked={"b": 1})
    assert found.pending == 3
    assert found.balanced


def test_a_place_that_was_settled_without_an_outcome_shows():
    assert not Account(seen=10, settled=8, stored=7).balanced


def test_more_outcomes_than_records_show():
    assert not Account(seen=1, settled=2, stored=2).balanced


def test_an_outcome_is_counted_with_its_reason_only_where_one_matters():
    assert Outcome(kind="stored").count == "stored"
    assert Outcome(kind="refused", reason="too-small").count == "refused:too-small"
    assert Outcome(kind="parked").count == "parked:unknown"
    assert Outcome(kind="suppressed", reason="opted-out").count == "suppressed"
