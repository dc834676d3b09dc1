from datetime import date

import pytest
from openpyxl import Workbook

from leadspiders.errors import ArgumentError, Unreadable
from leadspiders.rules.mapped_row import NOT_CALCULATED
from leadspiders.spiders.table_files import as_text, columns, header_and_rows


def read(path, sheet=None):
    header, rows = header_and_rows(path, sheet)
    return header, list(rows)


def book(path, *sheets):
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter(tmp_path, delimiter):
    path = tmp_path / "a.csv"
    path.write_text(delimiter.join(["Name", "Firm"]) + "\n" + delimiter.join(['"Lee, Ann; jr."', "Acme"]) + "\n")
    assert read(path) == (["Name", "Firm"], [["Lee, Ann; jr.", "Acme"]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_encoding(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("Name,Città\r\nZoë Müller,München\r\n".encode(encoding))
    assert read(path) == (["Name", "Città"], [["Zoë Müller", "München"]])


def test_lines_within_a_cell_empty_rows_and_zeros_that_excel_guards(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('\n,,\nName,Note,ZIP\nAnn,"two\nlines","=""02139"""\n,,\n\nBo\n')
    assert read(path) == (["Name", "Note", "ZIP"], [["Ann", "two\nlines", "02139"], ["Bo"]])


def test_names_of_columns_are_made_unique():
    assert columns(["Email", " Email ", "", "E\nmail", "Email"]) == [
        "Email", "Email (2)", "column 3", "E mail", "Email (3)",
    ]  # fmt: skip


def test_a_sheet_as_people_see_it(tmp_path):
    rows = [["Name", "Staff", "Since", "ZIP", "VIP"], ["Ann", 12.0, date(2020, 5, 1), "02139", True], [None] * 5]
    path = book(tmp_path / "a.xlsx", ("People", rows), ("Other", [["x"], [1.5]]))
    assert read(path) == (rows[0], [["Ann", "12", "2020-05-01", "02139", "true"]])
    assert read(path, "Other") == (["x"], [["1.5"]])


def test_a_formula_without_a_saved_result_is_told_apart_from_an_empty_cell(tmp_path):
    path = book(tmp_path / "a.xlsx", ("People", [["Name", "Mail", "Note"], ["Ann", '=A2&"@acme.example.com"', None]]))
    assert read(path)[1] == [["Ann", NOT_CALCULATED, ""]]


@pytest.mark.parametrize(
    ("name", "content", "sheet", "words"),
    [
        ("empty.csv", b"", None, "holds no row"),
        ("blank.csv", b"\n,,\n", None, "holds no row"),
        ("a.csv", b"a,b\n", "People", "is no .xlsx file"),
        ("a.xlsx", b"no zip", None, "no .xlsx file that can be read"),
    ],
)
def test_files_that_hold_nothing_to_read(tmp_path, name, content, sheet, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ArgumentError, match=words):
        header_and_rows(tmp_path / name, sheet)


def test_a_file_and_a_sheet_that_are_not_there(tmp_path):
    with pytest.raises(ArgumentError, match="no such file"):
        header_and_rows(tmp_path / "nowhere.csv")
    path = book(tmp_path / "a.xlsx", ("People", [["Name"]]))
    with pytest.raises(ArgumentError, match="it has People"):
        header_and_rows(path, "Persons")


def test_a_quote_that_is_never_closed_ends_the_reading(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('Name,Note\nAnn,fine\nBo,"' + "x" * 1_100_000)
    _, rows = header_and_rows(path)
    assert next(rows) == ["Ann", "fine"]
    with pytest.raises(Unreadable):
        next(rows)


def test_numbers_as_text():
    assert [as_text(value) for value in (None, 3, 3.0, 2.5, False)] == ["", "3", "3", "2.5", "false"]
