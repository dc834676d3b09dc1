"""A lead is found by whatever is known of it."""

import pytest

from leadspiders.errors import ArgumentError
from leadspiders.rules.lookup_key import lookup_key

ID = "0198c2d4-5e6f-7a81-9b2c-3d4e5f607182"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f" {ID.upper()} ", ("id", ID)),
        ("dana.field@ohiogear.com", ("email", "dana.field@ohiogear.com")),
        ("linkedin.com/in/dana-field/", ("linkedin", "https://www.linkedin.com/in/dana-field")),
        (
            "https://www.linkedin.com/company/ohio-gear/",
            ("company-linkedin", "https://www.linkedin.com/company/ohio-gear"),
        ),
        ("abcdefghkj23", ("uei", "ABCDEFGHKJ23")),
        ("apollo:66f1a2b3c4d5", ("provider", "apollo:66f1a2b3c4d5")),
        ("https://www.ohiogear.com/contact", ("domain", "ohiogear.com")),
        ("gmail.com", ("domain", "gmail.com")),
        ("+1 614 555 0134", ("phone", "+16145550134")),
        ("+442071838750", ("phone", "+442071838750")),
    ],
)
def test_each_kind_is_told_by_its_form(text: str, key: tuple[str, str]) -> None:
    assert lookup_key(text) == key


@pytest.mark.parametrize("text", ["", "Dana Field", "12", "442071838750", "https://www.linkedin.com/feed/"])
def test_what_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError, match="names no lead"):
        lookup_key(text)
