from pathlib import Path

import pytest

from leadspiders.errors import ArgumentError
from leadspiders.rules.field_map import FIELDS, bundled, bundled_names, read_map

MAPS = Path(__file__).parents[3] / "fixtures" / "maps"


def wrong(name):
    with pytest.raises(ArgumentError) as caught:
        read_map((MAPS / name).read_text(encoding="utf-8"), name)
    return str(caught.value).splitlines()


def test_the_maps_of_the_package_are_valid():
    assert bundled_names() == ["sales_navigator", "zoominfo"]
    for name in bundled_names():
        found = bundled(name)
        assert set(found.fields()) <= set(FIELDS)
        assert {"first_name", "title", "linkedin_url", "company.name", "company.employees"} <= set(found.fields())


def test_a_wrong_name_is_told_with_its_line_and_the_nearest_one():
    assert wrong("wrong_fields.toml") == [
        'wrong_fields.toml:2: ignord: unknown key; did you mean "ignored"?',
        'wrong_fields.toml:5: columns.Name: "ful_name" is no field; did you mean "full_name"?',
        'wrong_fields.toml:6: columns.Company: "company.nam" is no field; did you mean "company.name"?',
        'wrong_fields.toml:9: constants.company.cuntry: "company.cuntry" is no field; did you mean "company.country"?',
    ]


def test_what_is_no_toml_is_one_line():
    (line,) = wrong("broken.toml")
    assert line.startswith("broken.toml: is no valid TOML")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('title = "x"', "columns: say which column is which field"),
        ('title = "x"\nlead = "company"\n[columns]\nA = "email"', "email is a person's"),
        ('title = "x"\nignored = ["A"]\n[columns]\nA = "email"', '"A" is mapped as well'),
        ('title = "x"\n[columns]\nA = "email"\n[times]\n"company.annual_revenue" = 0', "must be more than 0"),
        ('title = "x"\n[columns]\nA = 1', "must be text in quotes"),
        ('title = "x"\nids_of = "Zoom Info"\n[columns]\nA = "id"', "ids_of"),
    ],
)
def test_maps_that_cannot_be_meant(text, words):
    with pytest.raises(ArgumentError) as caught:
        read_map(text, "m.toml")
    assert words in str(caught.value)


def test_an_unknown_name_of_a_map():
    with pytest.raises(ArgumentError, match='did you mean "zoominfo"'):
        bundled("zoomifno")
