"""The docstring of a spider is its page in the reference: the terms are there, and what they name exists."""

import re
from pathlib import Path
from types import ModuleType

import pytest
from scrapy.spiderloader import SpiderLoader

TERMS = ["Source", "Access", "Rate limit", "Cost", "Caveats", "Arguments", "Environment"]
OF_ALL = {"campaign", "run_id", "sample", "goal"}


@pytest.mark.parametrize("name", ["apollo", "bls", "delivery", "samgov"])
def test_a_docstring_has_all_terms_in_their_order(name: str, generate: ModuleType, root: Path) -> None:
    loader = SpiderLoader.from_settings(generate.project_settings())
    assert sorted(loader.list()) == ["apollo", "bls", "delivery", "samgov"], "a new spider: add it to this test"
    spider = loader.load(name)
    told = generate.definitions(spider.__doc__ or "")
    assert list(told) == TERMS
    assert all(told.values())

    arguments = set(re.findall(r"[a-z_]+", re.sub(r"\([^)]*\)", "", told["Arguments"])))
    assert set(spider.arguments) <= arguments <= {*spider.arguments, *OF_ALL}  # type: ignore[attr-defined]

    example = (root / ".env.example").read_text(encoding="utf-8")
    assert [word for word in re.findall(r"[A-Z_]{4,}", told["Environment"]) if f"\n{word}=" not in example] == []
