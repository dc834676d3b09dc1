import json
from io import BytesIO
from uuid import uuid4

import pytest

from leadspiders.feeds import FlatCsv, Json, JsonLines, flat
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact


def test_nested_fields_become_columns() -> None:
    row = flat(Contact(full_name="Dana Field", company=Company(name="Ohio Gear Works", domain="ohiogear.example.com")))
    assert row["full_name"] == "Dana Field"
    assert row["company.domain"] == "ohiogear.example.com"
    assert not [name for name in row if name.endswith(("lineage", "extras", "origin", "scores"))]


def test_a_csv_feed_has_one_row_a_contact() -> None:
    file = BytesIO()
    exporter = FlatCsv(file)
    exporter.start_exporting()
    exporter.export_item(Contact(full_name="Dana Field", company=Company(name="Ohio Gear Works")))
    exporter.finish_exporting()
    header, row = file.getvalue().decode().splitlines()
    assert header.split(",").index("company.name") == row.split(",").index("Ohio Gear Works")


@pytest.mark.parametrize("exporter", [Json, JsonLines])
def test_a_stored_record_goes_into_a_json_feed(exporter: type[Json] | type[JsonLines]) -> None:
    file, lead = BytesIO(), Contact(id=uuid4(), full_name="Zoë Field", company=Company(id=uuid4()))
    feed = exporter(file)
    feed.start_exporting()
    feed.export_item(lead)
    feed.finish_exporting()
    written = json.loads(file.getvalue())
    record = written[0] if isinstance(written, list) else written
    assert (record["id"], record["company"]["id"]) == (str(lead.id), str(lead.company.id))
    assert record["full_name"] == "Zoë Field"
