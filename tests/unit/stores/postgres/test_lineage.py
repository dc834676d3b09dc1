from datetime import UTC, datetime, timedelta, timezone

from leadspiders.items.evidence import Evidence
from leadspiders.stores.postgres.lineage import packed, unpacked


def test_evidence_comes_back_as_it_was_to_the_second():
    at = datetime(2026, 3, 1, 12, 30, 15, 999, tzinfo=UTC)
    evidence = Evidence(source="apollo", at=at, receipt="r", confidence=0.9, cost_usd=0.02, replaced="samgov")
    assert unpacked(packed({"email": evidence})) == {
        "email": Evidence(
            source="apollo",
            at=at.replace(microsecond=0),
            receipt="r",
            confidence=0.9,
            cost_usd=0.02,
            replaced="samgov",
        )
    }


def test_times_are_stored_in_utc():
    there = datetime(2026, 3, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    assert packed({"title": Evidence(source="s", at=there, receipt="r")})["title"][1] == "2026-03-01T12:00:00+00:00"


def test_what_is_in_the_stored_form_stays_as_it_is():
    stored = {"email": ["hunter", "2026-05-04T12:00:00+00:00", "r", 0.9, 0.1, None]}
    assert packed(stored) == stored
