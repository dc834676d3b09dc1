"""An opt-out is recognized in any spelling, and what could never be recognized again is refused."""

import pytest

from leadspiders.errors import ArgumentError
from leadspiders.rules.optout import named
from leadspiders.rules.optout_file import read


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Dana.Field@OhioGear.example.com", ("email", "dana.field@ohiogear.example.com")),
        ("Dana Field <dana@ohiogear.example.com>", ("email", "dana@ohiogear.example.com")),
        ("(614) 555-0134", ("phone", "+16145550134")),
        ("+44 20 7946 0018", ("phone", "+442079460018")),
        ("https://uk.linkedin.com/in/Dana-Field/?trk=x", ("linkedin", "https://www.linkedin.com/in/dana-field")),
        ("https://www.ohiogear.com/about", ("domain", "ohiogear.com")),
        ("ohio-gear.com", ("domain", "ohio-gear.com")),
    ],
)
def test_every_spelling_becomes_one(text: str, entry: tuple[str, str]) -> None:
    assert named(text) == entry
    assert named(entry[1]) == entry


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("dana@", "name@example.com"),
        ("https://www.linkedin.com/company/acme", "/in/NAME"),
        ("gmail.com", "mail host"),
        ("123456789", "country code"),
        ("nobody", "example.com"),
        ("", "example.com"),
    ],
)
def test_what_would_never_be_recognized_is_refused_without_repeating_it(text: str, word: str) -> None:
    with pytest.raises(ArgumentError, match=word) as error:
        named(text)
    assert "dana" not in str(error.value)


def test_a_table_is_read_by_its_columns() -> None:
    text = "\ufeffName,E-mail,LinkedIn URL\nDana,dana@acme.com,\nSam,,https://linkedin.com/in/sam-lee\nBad,not mail,\n"
    lines = list(read(text))
    assert [line.entry for line in lines] == [
        ("email", "dana@acme.com"),
        ("linkedin", "https://www.linkedin.com/in/sam-lee"),
        None,
    ]
    assert (lines[2].number, "malformed" in lines[2].problem) == (4, True)


def test_a_plain_list_is_read_line_by_line() -> None:
    lines = list(read("# from support\ndana@acme.com\n\n+1 614 555 0134\n???\n"))
    assert [(line.number, line.entry) for line in lines] == [
        (2, ("email", "dana@acme.com")),
        (4, ("phone", "+16145550134")),
        (5, None),
    ]


def test_an_empty_file_names_nobody() -> None:
    assert list(read("")) == []


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("jane@linkedin.com", ("email", "jane@linkedin.com")),
        ("312-555-0134 ext 5", ("phone", "+13125550134")),
        ("1800flowers.com", ("domain", "1800flowers.com")),
    ],
)
def test_what_looks_like_something_else(text: str, entry: tuple[str, str]) -> None:
    assert named(text) == entry


def test_a_stray_quote_swallows_nobody() -> None:
    lines = list(read('email\n"jane@acme.com\nbob@acme.com\ncarl@acme.com\n'))
    assert [line.entry for line in lines][1:] == [("email", "bob@acme.com"), ("email", "carl@acme.com")]
