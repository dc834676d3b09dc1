from io import StringIO

from rich.console import Console

from leadspiders.commands.load_preview import SHOWN, preview, view
from leadspiders.rules.field_map import read_map
from leadspiders.rules.mapped_row import RowMapper

HEADER = ["Name", "Mail", "Phone", "Staff", "Notes"]
MAP = read_map(
    'title = "x"\n[columns]\nName = "full_name"\nMail = "email"\nPhone = "phone"\nStaff = "company.employees"\n'
    'Town = "city"',
    "x.toml",
)
ROWS = [
    *(
        [f"Ann Lee {'ABCDEFGHIJKLMNOP'[number]}", f"ann{number}@acme.com", "312 555 0100", "50", "n"]
        for number in range(12)
    ),
    ["Bo Ray", "not an address", "12", "some", ""],
    ["", "", "", "9", ""],
    ["Too", "many", "", "", "", "cells"],
]


def made():
    return preview(RowMapper(MAP, HEADER, "x"), ROWS)


def test_rows_are_counted_and_ten_are_shown():
    found = made()
    assert (found.rows, len(found.sample), found.unreadable.total()) == (15, SHOWN, 2)
    assert (found.unmapped_columns, found.unfilled_fields) == (["Notes"], ["city"])


def test_values_that_a_rule_cannot_read_are_counted_by_field():
    assert dict(made().unparsed) == {"email": 1, "phone": 1, "company.employees": 1}


def test_addresses_and_numbers_are_masked():
    first = made().sample[0]
    assert (first["e-mail"], first["phone"]) == ("a***@acme.com", "***00")
    assert "ann0@" not in str(made())


def test_the_terminal_shows_what_there_is_in_its_width():
    console = Console(width=80, file=StringIO())
    console.print(view(made(), console.width))
    said = console.file.getvalue()
    assert max(len(line) for line in said.splitlines()) <= 80
    assert "15 rows, of which 13 are records" in said
    assert "Nothing was written" in said
