"""The page about loading files names every field that a map may name, and no other."""

import re
import textwrap
from pathlib import Path

from leadspiders.rules.field_map import FIELDS, bundled_names, read_map


def test_the_page_lists_the_fields(root: Path) -> None:
    page = (root / "docs/how-to/load-a-file.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE) == list(FIELDS)


def test_the_example_is_a_valid_map(root: Path) -> None:
    page = (root / "docs/how-to/load-a-file.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert read_map(textwrap.dedent(example), "example.toml").joined["full_name"].separator == " "


def test_the_page_names_the_maps_of_the_package(root: Path) -> None:
    page = (root / "docs/how-to/load-a-file.md").read_text(encoding="utf-8")
    assert [name for name in bundled_names() if f"`{name}`" not in page] == []
