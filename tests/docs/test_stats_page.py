"""Every stat that the code counts is on the page of stats, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SHELLS = ("extensions", "middlewares", "pipelines", "spiders", "guard")
ROW = re.compile(r"^\| `leads/([^`]+)` \|", re.MULTILINE)
WAY_OUT = re.compile(r"[a-z]+/(refused|suppressed|parked)/.+")
"""What the refusals extension counts for every stage; the page may name single ones."""


def counted(source: str) -> Iterator[str]:
    """Names that are handed to `context.count` or `self.stat`, with `*` where they are made up of variables."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        holder = ast.unparse(node.func.value)
        if node.func.attr == "count" and holder.endswith("context"):
            yield from names(node.args[0])
        if node.func.attr == "_count" and holder == "self":
            yield from (name for name in names(node.args[0]) if name.startswith("pace/"))
        if node.func.attr == "stat" and holder == "self":
            yield from (f"source/{name}" for name in names(node.args[0]))


def names(expression: ast.expr) -> Iterator[str]:
    match expression:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else "*" for part in parts)  # type: ignore[misc]
        case ast.IfExp(body=yes, orelse=no):
            yield from names(yes)
            yield from names(no)
        case _:
            yield "*"


def test_the_page_lists_what_is_counted(root: Path) -> None:
    files = [file for shell in SHELLS for file in (root / "leadspiders" / shell).glob("*.py")]
    in_code = {name for file in files for name in counted(file.read_text(encoding="utf-8"))}
    page = (root / "docs" / "reference" / "stats.md").read_text(encoding="utf-8")
    on_page = {re.sub(r"\b[A-Z]+\b", "*", row) for row in ROW.findall(page)}
    assert in_code - on_page == set(), "add these to docs/reference/stats.md"
    assert {row for row in on_page - in_code if not WAY_OUT.fullmatch(row)} == set(), "nothing counts these"


def test_names_are_found_in_code() -> None:
    source = 'self._context.count(f"a/{x}/b", 3); context.count("c" if y else "d"); self.stat(kind(e)); text.count("/")'
    assert sorted(counted(source)) == ["a/*/b", "c", "d", "source/*"]
