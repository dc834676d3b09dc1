"""Feeds of our records: JSON with their ids, and CSV where nested fields become flat columns (`company.domain`)."""

from typing import Any
from uuid import UUID

from itemadapter import ItemAdapter
from scrapy.exporters import CsvItemExporter, JsonItemExporter, JsonLinesItemExporter
from scrapy.utils.serialize import ScrapyJSONEncoder

NOT_IN_CSV = ("lineage", "extras", "origin", "scores")
"""Nested notes that no cell can hold; the JSON feeds have them."""


class Encoder(ScrapyJSONEncoder):
    """Scrapy's own, which knows dates but no UUIDs."""

    def default(self, o: Any) -> Any:
        """A UUID as text."""
        return str(o) if isinstance(o, UUID) else super().default(o)


class JsonLines(JsonLinesItemExporter):
    """One record a line."""

    def __init__(self, file: Any, **options: Any) -> None:
        super().__init__(file, **options)
        self.encoder = Encoder(ensure_ascii=False)


class Json(JsonItemExporter):
    """One list of all records."""

    def __init__(self, file: Any, **options: Any) -> None:
        super().__init__(file, **options)
        self.encoder = Encoder(ensure_ascii=False)


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
