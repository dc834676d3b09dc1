"""Every name that the program reads is in .env.example, and no other."""

import ast
import re
from itertools import pairwise
from pathlib import Path

from leadspiders.apis.registry import APIS


def read_by_settings(root: Path) -> set[str]:
    """Names that settings.py asks the environment for; those of the APIs follow from their registry."""
    tree = ast.parse((root / "leadspiders" / "settings.py").read_text(encoding="utf-8"))
    names = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"_environment.get", "_keys"}
        and isinstance(node.args[0], ast.Constant)
    }
    of_apis = {f"LEADS_{name.upper()}_URL" for name in APIS} | {api.key_name for api in APIS.values() if api.key_name}
    return {str(name) for name in names} | of_apis


def test_the_example_names_all_and_nothing_else(root: Path) -> None:
    example = (root / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == read_by_settings(root)


def test_copying_the_example_changes_nothing(root: Path) -> None:
    example = (root / ".env.example").read_text(encoding="utf-8")
    assert re.findall(r"^[A-Z_]+=.+$", example, re.MULTILINE) == []


def test_every_name_has_its_comment_line(root: Path) -> None:
    lines = (root / ".env.example").read_text(encoding="utf-8").splitlines()
    assert [
        line for before, line in pairwise(lines) if re.match("[A-Z_]+=", line) and not before.startswith("# ")
    ] == []
