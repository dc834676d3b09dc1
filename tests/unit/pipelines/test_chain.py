import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from leadspiders.errors import SetupError
from leadspiders.pipelines.chain import Chain


class Stage:
    """Writes down what it is told."""

    def __init__(self, name: str, said: list[str], trouble: Exception | None = None) -> None:
        self.name, self.said, self.trouble = name, said, trouble

    async def process_item(self, item: str) -> str:
        if self.trouble:
            raise self.trouble
        return item + self.name

    async def left(self, item: str) -> None:
        self.said.append(f"{self.name}: {item}")


class Plain:
    """As a project may write one."""

    def process_item(self, item: str) -> str:
        return f"{item}!"


class Old:
    """As projects wrote them."""

    async def process_item(self, item: str, spider: Any) -> str:
        return f"{item}@{spider.name}"


def through(*stages: Any) -> tuple[Callable[[str], Awaitable[str]], Callable[[], int]]:
    """The way through the stages, and how many came to its end."""
    crawler = get_crawler()
    crawler.spider = crawler._create_spider("bench")
    assert crawler.stats
    stats = crawler.stats
    return Chain(*stages, crawler=crawler).process_item_async, lambda: stats.get_value("item_scraped_count", 0)


def test_a_record_passes_the_stages_in_their_order_and_all_are_told_that_it_has_left() -> None:
    said: list[str] = []
    process, scraped = through(Stage("a", said), Stage("b", said))
    assert asyncio.run(_awaited(process("x"))) == "xab"
    assert said == ["a: x", "b: x", "a: xab", "b: xab"]  # each put another in its place
    assert scraped() == 1


@pytest.mark.parametrize("trouble", [DropItem("no lead"), ValueError("broken")])
def test_one_that_is_let_go_of_on_the_way_has_left_too(trouble: Exception) -> None:
    said: list[str] = []
    process, scraped = through(Stage("a", said), Stage("b", said, trouble), Stage("c", said))
    with pytest.raises(type(trouble)):
        asyncio.run(_awaited(process("x")))
    assert said == ["a: x", "b: x", "c: x", "a: xa", "b: xa", "c: xa"]
    assert scraped() == 0


@pytest.mark.filterwarnings("ignore:.*requires a spider argument")
@pytest.mark.parametrize(("foreign", "answer"), [(Plain(), "xa!"), (Old(), "xa@bench")])
def test_a_stage_of_another_form_has_its_turn(foreign: Any, answer: str) -> None:
    said: list[str] = []
    process, scraped = through(Stage("a", said), foreign)
    assert asyncio.run(_awaited(process("x"))) == answer
    assert said == ["a: x", f"a: {answer}"]
    assert scraped() == 1


class Failing:
    """Fails as it lets go."""

    async def left(self, item: str) -> None:
        raise LookupError(item)


def test_all_are_told_whatever_one_of_them_makes_of_it() -> None:
    said: list[str] = []
    process, scraped = through(Failing(), Stage("", said))
    with pytest.raises(LookupError):
        asyncio.run(_awaited(process("x")))
    assert said == [": x"]
    assert scraped() == 0


def test_records_that_take_another_way_are_refused_before_the_first() -> None:
    crawler = get_crawler(settings_dict={"ITEM_PROCESSOR": "scrapy.pipelines.ItemPipelineManager"})
    with pytest.raises(SetupError, match=r"name leadspiders\.pipelines\.chain\.Chain"):
        Chain.required(crawler)
    Chain.required(get_crawler(settings_dict={"ITEM_PROCESSOR": "leadspiders.pipelines.chain.Chain"}))


async def _awaited(answer: Awaitable[str]) -> str:
    return await answer
