from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.evidence import Evidence
from leadspiders.stores.postgres.lineage import SHORT, packed, unpacked
from leadspiders.stores.postgres.text import as_json

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOUGHT = Evidence(source="apollo", at=NOON, receipt="apollo:1", cost_usd=0.02)
NAMES = sorted({each.name for kind in (Contact, Company) for each in fields(kind)})

words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
evidence = st.builds(
    Evidence,
    source=words,
    at=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))])),
    receipt=words,
    confidence=st.floats(0, 1),
    cost_usd=st.floats(0, 1e4),
    replaced=st.none() | words,
)


@st.composite
def lineages(draw):
    """As stages make them: few replies for many fields."""
    said = draw(st.lists(evidence, min_size=1, max_size=3))
    return draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(said)))


@given(lineages())
@example({"email": replace(BOUGHT, replaced="file:my old list.csv"), "title": replace(BOUGHT, replaced="")})
@example({"email": replace(BOUGHT, confidence=0.97), "email_status": BOUGHT, "phone": replace(BOUGHT, confidence=0.97)})
def test_evidence_comes_back_as_it_was_to_the_second(lineage):
    there = msgspec.json.decode(as_json(packed(lineage)))
    assert unpacked(there) == {name: replace(said, at=said.at.replace(microsecond=0)) for name, said in lineage.items()}


def test_what_a_reply_filled_is_one_entry_and_each_claim_names_its_fields():
    hunter = Evidence(source="hunter", at=NOON, receipt="hunter:2", cost_usd=0.01)
    lineage = dict.fromkeys(("full_name", "title", "linkedin_url"), BOUGHT)
    lineage |= {"email": replace(hunter, confidence=0.97, replaced="apollo"), "email_status": hunter, "city": BOUGHT}
    assert packed(lineage) == [
        ["apollo", 1772366400, "apollo:1", 0.02, "fn,ti,li,ci"],
        ["hunter", 1772366400, "hunter:2", 0.01, "em 0.97 apollo", "es"],
    ]


def test_nothing_takes_no_room():
    assert packed({}) == []
    assert unpacked([]) == {}


def test_what_is_in_the_stored_form_stays_as_it_is():
    stored = [["hunter", 1772366400, "r", 0.1, "em 0.9"]]
    assert packed(stored) is stored


def test_every_field_has_a_short_name_of_its_own():
    facts = {each.name for kind in (Contact, Company) for each in fields(kind)}
    facts -= {"company", "lead_state", "flags", "extras", "lineage", "origin", "id", "known", "scores"}
    assert set(SHORT) == facts
    assert len(set(SHORT.values())) == len(SHORT)
    assert not set(SHORT.values()) & {*SHORT, *NAMES}
