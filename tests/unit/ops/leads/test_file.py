import asyncio
import csv
import json

import pytest
from openpyxl import load_workbook

from leadspiders.errors import ArgumentError
from leadspiders.ops.leads.file import FORMATS, write_leads, writer_of

LEADS = [
    {
        "full_name": "Zoë Quill",
        "company_name": '=HYPERLINK("http://evil.example")',
        "phone": "+15555550142",
        "fit_score": 91,
    },
    {"full_name": "Ada, Brook\n", "company_name": None, "phone": None, "fit_score": 0},
]


async def stream(leads):
    for lead in leads:
        yield lead


def written(leads, path):
    return asyncio.run(write_leads(stream(leads), path))


def test_csv_keeps_every_value_and_runs_none(tmp_path):
    assert written(LEADS, tmp_path / "leads.csv") == 2

    with (tmp_path / "leads.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert first == {
        "full_name": "Zoë Quill", "company_name": '\'=HYPERLINK("http://evil.example")', "phone": "+15555550142",
        "fit_score": "91",
    }  # fmt: skip
    assert (second["full_name"], second["company_name"]) == ("Ada, Brook\n", "")


def test_xlsx_has_a_frozen_header_numbers_as_numbers_and_no_formula(tmp_path):
    assert written(LEADS, tmp_path / "leads.XLSX") == 2

    sheet = load_workbook(tmp_path / "leads.XLSX")["leads"]
    assert [cell.value for cell in sheet[1]] == list(LEADS[0])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D3"
    assert sheet["D2"].value == 91
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_json_lines_hold_the_values_as_they_are(tmp_path):
    written(LEADS, tmp_path / "leads.jsonl")

    lines = (tmp_path / "leads.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == LEADS


@pytest.mark.parametrize("ending", FORMATS)
def test_no_lead_is_a_file_all_the_same(tmp_path, ending):
    assert written([], tmp_path / f"leads{ending}") == 0
    assert (tmp_path / f"leads{ending}").is_file()


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_is_whole_or_what_it_was_before(tmp_path, ending):
    path = tmp_path / f"leads{ending}"
    path.write_text("yesterday's")

    async def broken():
        yield LEADS[0]
        raise ConnectionError

    with pytest.raises(ArgumentError, match="cannot write"):
        asyncio.run(write_leads(broken(), path))

    assert path.read_text() == "yesterday's"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["leads.pdf", "leads", "nowhere/leads.csv"])
def test_what_cannot_be_written_is_told_at_once(tmp_path, name):
    with pytest.raises(ArgumentError, match=r"\.csv, \.xlsx, \.jsonl|no such folder"):
        writer_of(tmp_path / name)
