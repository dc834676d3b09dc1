"""Takes a record through the stages, and tells those that hold something for it when it has left them.

Scrapy's own manager asks of each answer of each stage whether and how to await it, and a receiver of Scrapy's signals
costs a task a record: together that was a sixth of what a lead costs.
"""

from inspect import iscoroutinefunction, signature
from typing import Any

from scrapy.crawler import Crawler
from scrapy.pipelines import ItemPipelineManager
from scrapy.utils.misc import load_object

from leadspiders.errors import SetupError


class Chain(ItemPipelineManager):
    """A stage with a coroutine `left(item)` is told of each record that came to its end or was let go of on the way.
    Stages of another form than ours, as a project may add, go Scrapy's own way."""

    def __init__(self, *stages: Any, crawler: Crawler) -> None:
        super().__init__(*stages, crawler=crawler)
        assert crawler.stats
        self._stats = crawler.stats
        self._steps = [stage.process_item for stage in stages if hasattr(stage, "process_item")]
        self._leaving = [stage.left for stage in stages if hasattr(stage, "left")]
        self._ours = all(iscoroutinefunction(step) and len(signature(step).parameters) == 1 for step in self._steps)

    @classmethod
    def required(cls, crawler: Crawler) -> None:
        """Raise `SetupError` where records take another way: a stage that holds something would never let go of it."""
        if not issubclass(load_object(crawler.settings["ITEM_PROCESSOR"]), cls):
            raise SetupError(
                f"ITEM_PROCESSOR is {crawler.settings['ITEM_PROCESSOR']}: name leadspiders.pipelines.chain.Chain, or a"
                " subclass of it, for the stages hear from it when a record has left"
            )

    async def process_item_async(self, item: Any) -> Any:
        """The record as the last stage gives it; one that a stage put another in place of has left, too."""
        given = item
        try:
            if self._ours:
                for step in self._steps:
                    item = await step(item)
            else:
                item = await super().process_item_async(item)
        finally:
            await self._let_go(given)
            if item is not given:
                await self._let_go(item)
        self._stats.inc_value("item_scraped_count")
        return item

    async def _let_go(self, item: Any) -> None:
        """Tell all stages, whatever one of them makes of it."""
        failed: Exception | None = None
        for left in self._leaving:
            try:
                await left(item)
            except Exception as error:  # noqa: BLE001  raised once the others know
                failed = failed or error
        if failed:
            raise failed
