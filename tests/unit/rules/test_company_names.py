"""Names of companies: one form for matching, one for showing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspiders.rules.company_names import clean, dba, display, names_employer
from leadspiders.rules.text import fold

CASES = [
    ("OHIO GEAR WORKS LLC", "ohio gear works", "Ohio Gear Works LLC"),
    ("Ohio Gear Works, L.L.C.", "ohio gear works", "Ohio Gear Works, L.L.C."),
    ("OHIO GEAR WORKS, L. L. C.", "ohio gear works", "Ohio Gear Works, L. L. C."),
    ("The Acme Co., Inc.", "acme", "The Acme Co., Inc."),
    ("ACME CO LTD", "acme", "Acme Co Ltd"),
    ("Acme Corporation", "acme", "Acme Corporation"),
    ("IBM CORP", "ibm", "IBM Corp"),
    ("ADP", "adp", "ADP"),
    ("AT&T INC", "at and t", "AT&T Inc"),
    ("3M COMPANY", "3m", "3M Company"),
    ("21ST CENTURY TOOL", "21st century tool", "21st Century Tool"),
    ("Procter & Gamble Company", "procter and gamble", "Procter & Gamble Company"),
    ("JOE'S CRAB SHACK, INC.", "joes crab shack", "Joe's Crab Shack, Inc."),
    ("MCDONALD'S CORPORATION", "mcdonalds", "McDonald's Corporation"),
    ("O'REILLY AUTO PARTS", "oreilly auto parts", "O'Reilly Auto Parts"),
    ("THE SMITH GROUP, P.C.", "smith group", "The Smith Group, P.C."),
    ("BANK OF AMERICA, N.A.", "bank of america", "Bank of America, N.A."),
    ("A & B MFG CO", "a and b manufacturing", "A & B Mfg Co"),
    ("Soci\u00e9t\u00e9 G\u00e9n\u00e9rale S.A.", "societe generale", "Soci\u00e9t\u00e9 G\u00e9n\u00e9rale S.A."),
    ("eBay", "ebay", "eBay"),
    ("Acme GmbH & Co. KG", "acme", "Acme GmbH & Co. KG"),
    ("University of Dayton, The", "university of dayton", "University of Dayton, The"),
    ("Acme Inc. (formerly Sprockets)", "acme", "Acme Inc. (formerly Sprockets)"),
    ("Saint Mary's Hosp.", "st marys hospital", "Saint Mary's Hosp."),
    ("ACME INTL MGMT CO", "acme international management", "Acme Intl Mgmt Co"),
    ("UNIVERSITY OF DAYTON", "university of dayton", "University of Dayton"),
    ("The", "the", "The"),
    ("SA", "sa", "SA"),
    ("ACME WIDGETS LLC DBA SPROCKETS", "sprockets", "Acme Widgets LLC DBA Sprockets"),
    (None, None, None),
    ("n/a", None, None),
]


@pytest.mark.parametrize(("raw", "matching", "showing"), CASES)
def test_clean_and_display(raw, matching, showing):
    assert clean(raw) == matching
    assert display(raw) == showing
    assert clean(matching) == matching
    assert clean(showing) == matching
    assert display(showing) == showing


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("Acme Widgets LLC dba Sprockets", ("Acme Widgets LLC", "Sprockets")),
        ("ACME, LLC D/B/A/ SPROCKETS & CO", ("ACME, LLC", "SPROCKETS & CO")),
        ("Acme Inc. (d.b.a. Sprockets)", ("Acme Inc.", "Sprockets")),
        ("Acme doing business as: Sprockets", ("Acme", "Sprockets")),
        ("Acme", ("Acme", None)),
        (None, (None, None)),
    ],
)
def test_dba(raw, wanted):
    assert dba(raw) == wanted


@pytest.mark.parametrize(
    ("name", "says"),
    [("Self-Employed", False), ("Stealth Startup", False), ("n/a", False), (None, False), ("Freelance Bakery", True)],
)
def test_people_without_an_employer(name, says):
    assert names_employer(name) is says


WORDS = ["The", "ACME", "LLC", "L.L.C.", "inc", "Co.", "SA", "&", "of", "(USA)", "O'Neil", "d/b/a", "3M", "N.A.", "the"]


@settings(deadline=None, max_examples=200, database=None, derandomize=True)
@given(st.lists(st.sampled_from(WORDS), max_size=6))
def test_twice_changes_nothing_and_nothing_is_invented(words):
    raw = " ".join(words)
    assert clean(clean(raw)) == clean(raw)
    assert display(display(raw)) == display(raw)
    assert set(fold(display(raw) or "")) <= set(fold(raw))
