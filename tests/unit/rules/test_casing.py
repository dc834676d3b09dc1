"""The case a person would write."""

import pytest

from leadspiders.rules.casing import capital, one_case, titled


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("DAYTON", "Dayton"),
        ("mcdonald", "McDonald"),
        ("MCCOY", "McCoy"),
        ("MC", "Mc"),
        ("O'BRIEN", "O'Brien"),
        ("D\u2019ANGELO", "D\u2019Angelo"),
        ("JOE'S", "Joe's"),
        ("21ST", "21st"),
        ("\u0130PEK", "\u0130pek"),
    ],
)
def test_capital(raw, wanted):
    assert capital(raw) == wanted


def test_small_words_stay_small_unless_they_come_first():
    assert titled("THE CITY OF THE HILLS", small={"the", "of"}) == "The City of the Hills"
    assert titled("WINSTON-SALEM") == "Winston-Salem"


@pytest.mark.parametrize(
    ("text", "says"), [("ACME", True), ("acme", True), ("Acme", False), ("eBay", False), ("123", False)]
)
def test_one_case(text, says):
    assert one_case(text) is says
