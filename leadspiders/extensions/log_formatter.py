"""Keeps records out of the log: a line says that one passed, never who it is."""

from typing import Any

from scrapy import logformatter


class QuietItems(logformatter.LogFormatter):
    """Scrapy logs each item whole; items hold personal data."""

    def scraped(self, item: Any, response: Any, spider: Any) -> None:  # type: ignore[override]
        """Nothing: the stats count what was stored."""

    def dropped(self, item: Any, exception: BaseException, response: Any, spider: Any) -> None:  # type: ignore[override]
        """Nothing: each drop is counted by its reason, and on the receipt."""

    def item_error(self, item: Any, exception: BaseException, response: Any, spider: Any) -> Any:
        """The kind of record and its place, with the traceback."""
        origin = getattr(item, "origin", None)
        place = f"{origin.receipt}[{origin.index}]" if origin else "?"
        return {
            "level": 40,
            "msg": "A %(kind)s failed in a stage and was parked: record %(place)s",
            "args": {"kind": type(item).__name__, "place": place},
        }
