"""The page about verdicts says what the code says."""

import re
from pathlib import Path

import pytest

from leadspiders.apis.apollo.person import EMAIL_STATUS
from leadspiders.apis.hunter import contract as hunter
from leadspiders.apis.neverbounce import contract as neverbounce

ROW = re.compile(r"^\| (\w+) \| (.+) \| `(\w+)` \|$", re.MULTILINE)


def written(root: Path, provider: str) -> dict[str, str]:
    """Word of a provider -> verdict, as the page has it."""
    page = (root / "docs" / "reference" / "verdicts.md").read_text(encoding="utf-8")
    rows = [(words, verdict) for name, words, verdict in ROW.findall(page) if name == provider]
    return {word: verdict for words, verdict in rows for word in re.findall(r"`([^`]+)`", words)}


@pytest.mark.parametrize(
    ("provider", "verdicts"),
    [("apollo", EMAIL_STATUS), ("hunter", hunter.VERDICTS), ("neverbounce", neverbounce.VERDICTS)],
)
def test_the_table_is_what_the_code_does(root: Path, provider: str, verdicts: dict[str, str]) -> None:
    assert written(root, provider) == verdicts
