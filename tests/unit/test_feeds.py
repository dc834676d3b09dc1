from io import BytesIO

from leadspiders.feeds import FlatCsv, flat
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
