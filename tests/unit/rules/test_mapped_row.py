from pathlib import Path

import pytest

from leadspiders.items.company import Company
from leadspiders.rules.clean import clean_contact
from leadspiders.rules.field_map import bundled, read_map
from leadspiders.rules.mapped_row import NOT_CALCULATED, RowMapper, amount

MAPS = Path(__file__).parents[3] / "fixtures" / "maps"
HEADER = (
    "badge", "Given Name", "Family name", "E-Mail", "Checked", "Job", "Where", "Firm", "Web", "Staff", "Since",
    "Turnover", "ZIP", "Mobile", "Office", "Badge color", "Diet",
)  # fmt: skip
ROW = (
    "b-7", "Dana", "Field", "dana@ohiogear.example.com", "delivered", "CFO", "Dayton, Ohio", "Ohio Gear",
    "www.ohiogear.example.com", "51-200", "1988", "1.5", "2139", "312 555 0100", "312 555 0101", "red", "none of it",
)  # fmt: skip


def mapper(name="conference", header=HEADER, source="expo"):
    return RowMapper(read_map((MAPS / f"{name}.toml").read_text(encoding="utf-8"), name), header, source)


def row(**changed):
    return [changed.get(name.lower(), cell) for name, cell in zip(HEADER, ROW, strict=True)]


def test_a_row_becomes_a_contact_with_its_employer():
    found = mapper().item(ROW)
    contact, company = found.item, found.item.company
    assert found.unparsed == ()
    assert (contact.full_name, contact.email, contact.email_status) == ("Dana Field", ROW[3], "valid")
    assert (contact.provider_key, contact.title, contact.phone) == ("conference:b-7", "CFO", "312 555 0100")
    assert (company.name, company.employee_min, company.employee_max) == ("Ohio Gear", 51, 200)
    assert (company.founded_year, company.annual_revenue) == (1988, 1_500_000)
    assert (company.postal_code, company.country) == ("02139", "United States")


def test_what_has_no_field_is_kept_and_what_is_ignored_is_not():
    extras = mapper().item(ROW).item.extras
    assert extras == {"location": "Dayton, Ohio", "phone_also": "312 555 0101", "Diet": "none of it"}


def test_a_place_in_one_line_is_read_when_the_contact_is_cleaned():
    contact = mapper().item(ROW).item
    clean_contact(contact)
    assert (contact.city, contact.state) == ("Dayton", "OH")


def test_the_second_column_fills_in_where_the_first_is_empty():
    contact = mapper().item(row(mobile="")).item
    assert contact.phone == "312 555 0101"
    assert "phone_also" not in contact.extras


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("staff", "many", "company.employees"),
        ("since", "last year", "company.founded_year"),
        ("turnover", "1-5", "company.annual_revenue"),
        ("checked", "perhaps", "email_status"),
    ],
)
def test_a_value_that_cannot_be_read_is_kept_and_told(column, value, field):
    found = mapper().item(row(**{column: value}))
    assert found.unparsed == (field,)
    assert found.item.extras[field.removeprefix("company.")] == value


@pytest.mark.parametrize("cell", [NOT_CALCULATED, "#REF!", "#VALUE!"])
def test_a_cell_that_a_spreadsheet_could_not_calculate_is_no_value(cell):
    found = mapper().item(row(job=cell))
    assert (found.item.title, found.unparsed) == (None, ("title",))


def test_what_does_not_fit_is_listed():
    found = mapper(header=[*HEADER[:10], "Notes"])
    assert found.unmapped == ["Notes"]
    assert found.unfilled == ["company.founded_year", "company.annual_revenue", "company.postal_code", "phone"]
    assert found.fits
    assert not mapper(header=["a", "b"]).fits


def test_a_short_row_is_a_row_and_a_long_one_is_none():
    assert mapper().item(ROW[:4]).item.full_name == "Dana Field"
    assert mapper().item([*ROW, " "]).item
    assert "18 cells" in mapper().item([*ROW, "more"]).reason


def test_a_row_about_nobody_is_no_record():
    assert "who it is" in mapper().item(["", "", "", "", "", "CFO", "Dayton, Ohio"]).reason


def test_without_a_key_the_words_of_the_row_are_one():
    bare = ["", "Dana", "Field", "", "", "CFO", "", "Ohio Gear"]
    first, again = mapper().item(bare).item, mapper().item([*bare, "", "", "", "", "45402"]).item
    other = mapper().item(["", "Dana", "Field", "", "", "CFO", "", "Texas Gear"]).item
    assert first.provider_key.startswith("expo:")
    assert first.provider_key == again.provider_key != other.provider_key


def test_an_employer_without_a_person():
    found = mapper("employers", ["Employer", "Domain", "City", "State", "Headcount"])
    company = found.item(["Ohio Gear", "ohiogear.example.com", "Dayton", "OH", "140"]).item
    assert isinstance(company, Company)
    assert (company.name, company.employees, company.provider_key) == ("Ohio Gear", 140, None)
    nameless = found.item(["Ohio Gear", "", "", "", ""]).item
    assert nameless.provider_key.startswith("expo:")


def test_levels_of_the_bundled_maps_are_ours():
    zoominfo = RowMapper(bundled("zoominfo"), ["Full Name", "Management Level"], "z")
    assert zoominfo.item(["Dana Field", "C-Level"]).item.seniority == "c_suite"
    navigator = RowMapper(bundled("sales_navigator"), ["Full Name", "Seniority Level"], "s")
    assert navigator.item(["Dana Field", "owner / partner"]).item.seniority == "owner"
    assert navigator.item(["Dana Field", "Wizard"]).item.seniority == "Wizard"


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("1,250,000", 1_250_000),
        ("$1.2M", 1_200_000),
        ("3.4 billion", 3_400_000_000),
        ("USD 500k", 500_000),
        ("$5 mil.", 5_000_000),
        ("1-5", None),
        ("$1M - $5M", None),
        ("a lot", None),
        ("-3", None),
    ],
)
def test_amounts(text, dollars):
    assert amount(text) == dollars


def test_a_unit_that_is_written_beats_the_factor():
    assert (amount("12", 1000), amount("12M", 1000)) == (12_000, 12_000_000)
