"""Names of people, as people and exports write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nameparser import Parser

from leadspiders.rules.names import first_name, full_name, last_name, masked, split
from leadspiders.rules.text import fold

CASES = [
    ("Jane Doe", "Jane Doe", "Jane", "Doe", None),
    ("JANE DOE", "Jane Doe", "Jane", "Doe", None),
    ("jane doe", "Jane Doe", "Jane", "Doe", None),
    ("Juan de la Cruz", "Juan de la Cruz", "Juan", "de la Cruz", None),
    ("DE LA CRUZ, JUAN", "Juan de la Cruz", "Juan", "de la Cruz", None),
    ("jan van der berg", "Jan van der Berg", "Jan", "van der Berg", None),
    ("JANE DOE, MBA, SHRM-CP", "Jane Doe", "Jane", "Doe", None),
    ("Jane Doe PhD", "Jane Doe", "Jane", "Doe", None),
    ("Dr. John Q. Smith III", "John Q. Smith III", "John", "Smith", "III"),
    ("SMITH JR, JOHN", "John Smith Jr.", "John", "Smith", "Jr."),
    ("D'ANGELO RUSSELL JR.", "D'Angelo Russell Jr.", "D'Angelo", "Russell", "Jr."),
    ("O\u2019Brien, Jane", "Jane O'Brien", "Jane", "O'Brien", None),
    ("MCDONALD, RONALD", "Ronald McDonald", "Ronald", "McDonald", None),
    ("MacKenzie Scott", "MacKenzie Scott", "MacKenzie", "Scott", None),
    ("JANE MACDONALD", "Jane MacDonald", "Jane", "MacDonald", None),
    ("MARY MACK", "Mary Mack", "Mary", "Mack", None),
    ("JEAN-LUC PICARD", "Jean-Luc Picard", "Jean-Luc", "Picard", None),
    ("José ÁLVAREZ-NÚÑEZ", "José Álvarez-Núñez", "José", "Álvarez-Núñez", None),
    ("\u0130PEK \u00d6Z", "\u0130pek \u00d6z", "\u0130pek", "\u00d6z", None),
    ("Robert (Bob) Smith", "Robert Smith", "Robert", "Smith", None),
    ('Robert "Bob" Smith', "Robert Smith", "Robert", "Smith", None),
    ("\U0001f680 Jane Doe \u2728", "Jane Doe", "Jane", "Doe", None),
    ("Jane Doe | Growth", "Jane Doe", "Jane", "Doe", None),
    ("Jane Doe - CFO", "Jane Doe", "Jane", "Doe", None),
    ("Jane Doe (she/her)", "Jane Doe", "Jane", "Doe", None),
    ("Jane Doe she/her", "Jane Doe", "Jane", "Doe", None),
    ("Jane Doe \u2022 CFO", "Jane Doe", "Jane", "Doe", None),
    ("Jane Doe @ Acme", "Jane Doe", "Jane", "Doe", None),
    ("Jane Doe at Acme", "Jane Doe", "Jane", "Doe", None),
    ("Jane Doe, PHR, SHRM-CP, CPA", "Jane Doe", "Jane", "Doe", None),
    ("Jane Doe, MBA, PMP\u00ae", "Jane Doe", "Jane", "Doe", None),
    ("William \u201cBill\u201d Gates", "William Gates", "William", "Gates", None),
    ("VON DER LEYEN, URSULA", "Ursula von der Leyen", "Ursula", "von der Leyen", None),
    ("Vo Van Kiet", "Vo Van Kiet", "Vo", "Van Kiet", None),
    ("Van Nguyen", "Van Nguyen", "Van", "Nguyen", None),
    ("Nguy\u1ec5n Th\u1ecb Minh Khai", "Nguy\u1ec5n Th\u1ecb Minh Khai", "Nguy\u1ec5n", "Khai", None),
    ("GARCIA MARQUEZ, GABRIEL", "Gabriel Garcia Marquez", "Gabriel", "Garcia Marquez", None),
    ("John Smith Jr., CPA", "John Smith Jr.", "John", "Smith", "Jr."),
    ("JD POWER", "JD Power", "JD", "Power", None),
    ("Jack Ma", "Jack Ma", "Jack", "Ma", None),
    ("King Smith", "King Smith", "King", "Smith", None),
    ("J. R. R. Tolkien", "J. R. R. Tolkien", "J.", "Tolkien", None),
    ("Cher", "Cher", "Cher", None, None),
    ("Dr. Smith", "Smith", None, "Smith", None),
    ("Dana Fi***d", None, "Dana", None, None),
    ("Dana F.", None, "Dana", None, None),
    ("1234", None, None, None, None),
    ("n/a", None, None, None, None),
    (None, None, None, None, None),
]


@pytest.mark.parametrize(("raw", "full", "first", "last", "suffix"), CASES)
def test_split(raw, full, first, last, suffix):
    assert split(raw) == (full, first, last, suffix)


@pytest.mark.parametrize("raw", [case[0] for case in CASES])
def test_a_clean_name_stays_as_it_is(raw):
    assert split(split(raw).full).full == split(raw).full


@settings(deadline=None, max_examples=150, database=None, derandomize=True)
@given(st.text(alphabet="abcdeMJRSO'-., ()éÁ|*", max_size=25))
def test_nothing_is_invented(raw):
    assert set(fold(split(raw).full or "")) <= set(fold(raw))


FIRST = ("Dana", "Mary Ann", "Jean-Luc", "\u00c9mile", "J.")
LAST = ("Field", "de la Cruz", "van der Berg", "O'Neil", "McDonald", "MacDonald", "\u00c1lvarez-N\u00fa\u00f1ez")
FORMS = (
    "{0} {1}",
    "{1}, {0}",
    "Dr. {0} {1}",
    "{0} {1}, MBA",
    "{1}, {0}, MBA",
    "{0} {1} | CFO",
    "{0} (Bob) {1}",
    "\u2728 {0} {1}",
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("last", LAST)
def test_dress_and_case_make_no_other_person(form, last):
    for first in FIRST:
        wanted = f"{first} {last}"
        raw = form.format(first, last)
        assert {split(raw).full, split(raw.upper()).full, split(split(raw).full).full} == {wanted}


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("SMITH, CPA", "Smith"),
        ("SMITH JR", "Smith"),
        ("DE LA CRUZ", "de la Cruz"),
        ("VAN DER BERG", "van der Berg"),
        ("Garcia Lopez", "Garcia Lopez"),
        ("o'brien", "O'Brien"),
        ("MACDONALD", "MacDonald"),
        ("Ma", "Ma"),
        ("Sm***h", None),
        ("F.", None),
        ("", None),
    ],
)
def test_last_name(raw, wanted):
    assert last_name(raw) == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"), [("JANE", "Jane"), ("Mary Ann", "Mary Ann"), ("TJ", "TJ"), ("\u2728", None)]
)
def test_first_name(raw, wanted):
    assert first_name(raw) == wanted


def test_full_name_needs_both():
    assert full_name("Jane", "Doe") == "Jane Doe"
    assert full_name("Jane", "Doe", "Jr.") == "Jane Doe Jr."
    assert full_name("Jane", None) is None
    assert full_name(None, "Doe") is None


@pytest.mark.parametrize(
    ("text", "says"), [("Sm***h", True), ("F.", True), ("Smith", False), ("X", False), (None, False)]
)
def test_masked(text, says):
    assert masked(text) is says


GIVEN = ("Dana", "Mary", "Jean-Luc", "\u00c9mile", "Jos\u00e9", "Bj\u00f6rn", "Mackenzie", "Li")
MIDDLE = ("", "Ann ", "Q. ", "V. ", "Garcia ", "And ", "Del ", "Abdul ")
FAMILY = ("Field", "O'Neil", "D'Angelo", "McCormick", "MacDonald", "\u00c1lvarez-N\u00fa\u00f1ez", "Faulkner-Smith")


@pytest.mark.parametrize("family", FAMILY)
@pytest.mark.parametrize("given_name", GIVEN)
def test_a_name_in_its_own_case_is_split_as_nameparser_does(given_name, family):
    for middle in MIDDLE:
        name = f"{given_name} {middle}{family}"
        parsed = Parser().parse(name)
        found = split(name)
        assert (found.first or "", found.last or "") == (parsed.given, parsed.family)
