"""Imports run one way: from what people type down to the plain data. This is what keeps every part testable alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORDER = (
    {"commands", "cli", "addons", "settings"},
    {"spiders", "pipelines", "middlewares", "extensions", "ops", "context", "contracts", "feeds"},
    {"providers", "destinations"},
    {"guard"},
    {"stores"},
    {"apis", "rules", "campaigns"},
    {"items", "errors"},
)
"""Top first. A group may import itself and what stands below it."""
LEVELS = {name: level for level, names in enumerate(ORDER) for name in names}
LOWEST_WITH_SCRAPY = 1
SCRAPY = {"scrapy", "scrapy_redis", "scrapyd", "twisted"}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb"}
KNOWS_THE_ENVIRONMENT = {
    "leadspiders/settings.py",
    "leadspiders/commands/workers.py",  # hands it on to child processes
}


def complaints(path: str, source: str) -> list[str]:
    """One line for each import or look at the environment that `path`, relative to the root, may not make."""
    tree = ast.parse(source)
    names_of_os = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "os"
    }
    found = [
        f"{path}:{line_of(node)}: {problem}"
        for node in ast.walk(tree)
        for module in imported(node, path)
        if (problem := judged(path, module))
    ]
    if path not in KNOWS_THE_ENVIRONMENT:
        looks = (node for node in ast.walk(tree) if reads_environment(node, names_of_os))
        found += [f"{path}:{line_of(node)}: only settings.py reads the environment" for node in looks]
    return found


def line_of(node: ast.AST) -> int:
    assert isinstance(node, ast.stmt | ast.expr)
    return node.lineno


def imported(node: ast.AST, path: str) -> Iterator[str]:
    """Full names of what an import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        here = Path(path).parts[: -node.level] if node.level else ()
        base = ".".join([*here, *([node.module] if node.module else [])])
        yield from (f"{base}.{alias.name}" for alias in node.names)


def judged(path: str, module: str) -> str | None:
    """Why the file at `path` may not import this, or None."""
    own, theirs = group(Path(path).with_suffix("").parts), group(tuple(module.split(".")))
    level = LEVELS.get(own or "")
    top = module.partition(".")[0]
    ours = top == "leadspiders"
    if own is None:
        return None  # leadspiders/__init__.py, which holds the version
    if own == "sandbox":
        alien = top in SCRAPY or (ours and theirs != "sandbox")
        return f"the sandbox imports neither Scrapy nor anything of ours ({module})" if alien else None
    if level is None:
        return f"{own} has no place in the order of imports yet: give it one in {Path(__file__).name}"
    reasons = {
        f"{own} may not import Scrapy ({module})": top in SCRAPY and level > LOWEST_WITH_SCRAPY,
        f"only commands, addons and settings know the sandbox ({module})": ours and theirs == "sandbox" and level > 0,
        f"{own} may not import {theirs}, which stands above it ({module})": ours
        and LEVELS.get(theirs or "", 99) < level,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def group(parts: tuple[str, ...]) -> str | None:
    """The folder or file below the package that a module belongs to; None for the package itself."""
    name = parts[1] if len(parts) > 1 else ""
    return None if name in {"", "__init__", "__version__", "__file__"} else name


def reads_environment(node: ast.AST, names_of_os: set[str]) -> bool:
    """Whether this node is a look at the environment of the process."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(alias.name in ENVIRONMENT for alias in node.names)
    return (
        isinstance(node, ast.Attribute)
        and node.attr in ENVIRONMENT
        and isinstance(node.value, ast.Name)
        and node.value.id in names_of_os
    )


def test_the_whole_package_keeps_the_order() -> None:
    files = sorted((ROOT / "leadspiders").rglob("*.py"))
    assert len(files) > 100, "the package is somewhere else"
    found = [
        line
        for file in files
        for line in complaints(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source", "word"),
    [
        ("rules/names.py", "import os\nfrom leadspiders.stores.postgres.pool import Database", ":2: rules may not"),
        ("stores/redis/claims.py", "from leadspiders.guard import hash_key", "stores may not import guard"),
        ("stores/redis/claims.py", "from leadspiders import guard", "stores may not import guard"),
        ("guard/vault.py", "import leadspiders.providers.apollo as a", "guard may not import providers"),
        ("guard/vault.py", "from ..providers import apollo", "guard may not import providers"),
        ("guard/vault.py", "from .. import providers", "guard may not import providers"),
        ("providers/http.py", "from leadspiders.context import Context", "providers may not import context"),
        ("context.py", "from leadspiders.settings import BOT_NAME", "context may not import settings"),
        ("items/contact.py", "def f():\n    import leadspiders.rules.names", ":2: items may not import rules"),
        ("providers/http.py", "import scrapy", "providers may not import Scrapy"),
        ("apis/http.py", "from twisted.internet import reactor", "apis may not import Scrapy"),
        ("sandbox/world/names.py", "from scrapy import Item", "nor anything of ours"),
        ("sandbox/world/names.py", "from leadspiders.errors import ApiError", "nor anything of ours"),
        ("sandbox/world/names.py", "import leadspiders", "nor anything of ours"),
        ("stores/embedded/sandbox.py", "from leadspiders.sandbox import server", "know the sandbox"),
        ("widgets/button.py", "import json", "widgets has no place"),
        ("ops/report.py", "import os\nHOME = os.environ['HOME']", ":2: only settings.py"),
        ("ops/report.py", "import os as system\nHOME = system.getenv('HOME')", ":2: only settings.py"),
        ("ops/report.py", "from os import environ", ":1: only settings.py"),
    ],
)
def test_an_import_against_the_order_is_named(path: str, source: str, word: str) -> None:
    found = complaints(f"leadspiders/{path}", source)
    assert len(found) == 1
    assert found[0].startswith(f"leadspiders/{path}:")
    assert word in found[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("commands/sprint.py", "from leadspiders.sandbox.addresses import environment\nimport scrapy"),
        ("commands/workers.py", "import os\nENVIRONMENT = dict(os.environ)"),
        ("settings.py", "import os\nfrom leadspiders import __version__\nHOME = os.environ['HOME']"),
        ("rules/names.py", "from leadspiders.campaigns.model import Campaign\nfrom os import fspath"),
        ("sandbox/server.py", "from leadspiders.sandbox.world import truth\nfrom . import tally"),
        ("ops/report.py", "environ = {}\nHOME = page.environ\nfrom leadspiders import __version__"),
        ("__init__.py", "import json"),
    ],
)
def test_what_keeps_the_order_passes(path: str, source: str) -> None:
    assert complaints(f"leadspiders/{path}", source) == []
