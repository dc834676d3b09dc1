"""A feed for spreadsheets: nested records become flat columns, `company.domain` beside `title`."""

from typing import Any

from itemadapter import ItemAdapter
from scrapy.exporters import CsvItemExporter

NOT_IN_CSV = ("lineage", "extras", "origin", "scores")
"""Nested notes that no cell can hold; the JSON feeds have them."""


class FlatCsv(CsvItemExporter):
    """Scrapy's CSV exporter over the flat form of a record."""

    def export_item(self, item: Any) -> None:
        """Write one row."""
        super().export_item(flat(item))


def flat(item: Any, prefix: str = "") -> dict[str, Any]:
    """One level of columns; the names of nested fields are joined by a dot."""
    row: dict[str, Any] = {}
    for name, value in ItemAdapter(item).items():
        if name in NOT_IN_CSV:
            continue
        if ItemAdapter.is_item(value):
            row |= flat(value, f"{prefix}{name}.")
        else:
            row[prefix + name] = value
    return row
