"""The spider behind `scrapy load`: the rows of one file as records, through the same stages as every source.

It lives beside its command, since `scrapy list` names sources and a file is none.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response

from leadspiders.apis.records import Broken, Refuse
from leadspiders.errors import ArgumentError
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.field_map import FieldMap, bundled, read_map
from leadspiders.rules.mapped_row import RowMapper
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.spiders.table_files import header_and_rows

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


class FileImport(CampaignSpider):
    """Nothing is bought for the rows of a file unless `enrich` says so: the goal of buying is then none at all."""

    name = "file"
    arguments: ClassVar[tuple[str, ...]] = ("file", "map", "source", "sheet", "enrich")

    def check(self, arguments: Mapping[str, str]) -> None:
        """The map and the header of the file are read, so that a wrong one is refused before anything is written."""
        for needed in ("file", "map", "source"):
            if not arguments.get(needed):
                raise ArgumentError(f"{needed} is missing: scrapy load FILE --map MAP --source NAME -a campaign=C")
        if not NAME.fullmatch(arguments["source"]):
            raise ArgumentError(f"--source {arguments['source']}: lower-case letters, digits, _ and - only")
        self.path = Path(arguments["file"])
        self.files = (self.path,)
        self.sheet = arguments.get("sheet")
        self.source = f"file:{arguments['source']}"
        header, _ = header_and_rows(self.path, self.sheet)
        self.mapper = RowMapper(find_map(arguments["map"]), header, arguments["source"])
        if not self.mapper.fits:
            raise ArgumentError(
                f"no column of the map {arguments['map']} is in {self.path.name}: it has {', '.join(header)}"
            )
        if not arguments.get("enrich"):
            self.goal = 0

    async def start(self) -> AsyncIterator[Request]:
        """The one file."""
        for request in self.file_requests():
            yield request

    async def parse_file(self, response: Response) -> AsyncIterator[Any]:
        """A record a row."""
        for record in self.streamed(self._records, what=self.path.name):
            yield record

    def _records(self, refuse: Refuse) -> Iterator[Contact | Company]:
        header, rows = header_and_rows(self.path, self.sheet)
        for index, row in enumerate(rows):
            mapped = self.mapper.item(row)
            for field in mapped.unparsed:
                self.stat(f"unparsed/{field}")
            if mapped.item is None:
                raw = json.dumps(dict(zip(header, row, strict=False)), ensure_ascii=False)
                refuse(Broken(index=index, reason=mapped.reason, raw=raw))
            else:
                yield mapped.item


def find_map(name_or_path: str) -> FieldMap:
    """The map in that file, or the one of the package with that name."""
    if not name_or_path.endswith(".toml") and "/" not in name_or_path:
        return bundled(name_or_path)
    try:
        return read_map(Path(name_or_path).read_text(encoding="utf-8-sig"), name_or_path)
    except UnicodeDecodeError as error:
        raise ArgumentError(f"{name_or_path}: is not UTF-8 at byte {error.start}: save it as UTF-8") from error
    except OSError as error:
        raise ArgumentError(f"{name_or_path}: cannot be read: {error.strerror or error}") from error
