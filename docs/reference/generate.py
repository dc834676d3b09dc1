"""Writes the reference pages that follow from the code, so that they cannot say anything else: `make docs`."""

import argparse
import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql.base import PGDialect

from leadspiders import commands
from leadspiders.stores.postgres.schema import (
    delivery,
    enrichment,
    experiments,
    guard,
    identity,
    leads,
    ledger,
    market,
    money,
    sources,
    tallies,
)
from leadspiders.stores.postgres.schema.columns import SEALED

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WRITTEN = "Written by `make docs` from the code; change it there.\n"
VARIABLE = re.compile(r"(?P<about>(?:^# .*\n)+)(?P<name>[A-Z_]+)=$|^# --- (?P<section>.+)$", re.MULTILINE)
THEMES = (ledger, leads, identity, market, money, enrichment, delivery, experiments, guard, sources, tallies)


def project_settings() -> Settings:
    """The settings, whatever folder this is started in."""
    settings = Settings()
    settings.setmodule("leadspiders.settings", priority="project")
    return settings


def spiders() -> str:
    """One section a spider, from the definition list in its docstring."""
    loader = SpiderLoader.from_settings(project_settings())
    lines = ["# Spiders", "", WRITTEN, "Every spider also takes `run_id`, `sample` and `goal`.", ""]
    for name in sorted(loader.list()):
        spider = loader.load(name)
        about = inspect.getdoc(sys.modules[spider.__module__]) or ""
        lines += [f"## `{name}`", "", about.partition("\n")[0], "", "| | |", "|---|---|"]
        lines += [f"| {term} | {text} |" for term, text in definitions(spider.__doc__ or "").items()] + [""]
    return "\n".join(lines)


def definitions(docstring: str) -> dict[str, str]:
    """The terms of a definition list (a word on its own line, its text indented below it) and their texts."""
    found: dict[str, list[str]] = {}
    term = ""
    for line in inspect.cleandoc(docstring).splitlines():
        if line and not line[0].isspace():
            term = line.strip()
            found[term] = []
        elif line.strip():
            found[term].append(line.strip())
    return {term: " ".join(text) for term, text in found.items()}


def command_line() -> str:
    """One section a command, with its options; those that every Scrapy command has are left out."""
    settings = project_settings()
    lines = ["# Commands", "", WRITTEN]
    lines += [
        "Exit code 0: all is well. 1: what it checks does not hold. 2: it was asked wrongly. Every command also takes"
    ]
    lines += ["Scrapy's own options (`-s NAME=VALUE`, `--loglevel`, ...), and `-h` prints what stands here.", ""]
    for name, command in all_commands(settings).items():
        lines += [f"## `scrapy {name}`", "", sentence(command.short_desc()), ""]
        if command.long_desc() != command.short_desc():
            lines += [command.long_desc(), ""]
        lines += [f"    scrapy {name} {command.syntax()}".rstrip(), ""]
        if options := list(own_options(command)):
            lines += ["| option | |", "|---|---|"]
            lines += [f"| {' '.join(f'`{name}`' for name in names)} | {about} |" for names, about in options] + [""]
    return "\n".join(lines)


def all_commands(settings: Settings) -> dict[str, ScrapyCommand]:
    """Our commands by name: a module with a class `Command` is one."""
    modules = {
        found.name: import_module(f"{commands.__name__}.{found.name}") for found in iter_modules(commands.__path__)
    }
    found = {}
    for name, module in sorted(modules.items()):
        if hasattr(module, "Command"):
            found[name] = module.Command()
            found[name].settings = settings
    return found


def own_options(command: ScrapyCommand) -> Iterator[tuple[list[str], str]]:
    """Names and help of the options that are not every Scrapy command's."""
    parser, plain = argparse.ArgumentParser(add_help=False), argparse.ArgumentParser(add_help=False)
    command.add_options(parser)
    ScrapyCommand.add_options(command, plain)
    everywhere = {name for action in plain._actions for name in action.option_strings}
    for action in parser._actions:
        if not everywhere.intersection(action.option_strings):
            value = f" {action.metavar or action.dest.upper()}" if action.nargs != 0 else ""
            yield [name + value for name in action.option_strings], cell(str(action.help) % {"default": action.default})


def environment() -> str:
    """The names of `.env.example`, by its sections."""
    lines = ["# Environment", "", WRITTEN]
    lines += ["What is set in the environment wins over a file `.env` beside `scrapy.cfg`. See `.env.example`.", ""]
    for entry in VARIABLE.finditer((ROOT / ".env.example").read_text(encoding="utf-8")):
        if entry["section"]:
            lines += ["", f"## {entry['section']}", "", "| name | meaning |", "|---|---|"]
        else:
            lines += [f"| `{entry['name']}` | {cell(entry['about'].replace('# ', '').replace(chr(10), ' '))} |"]
    return "\n".join(lines) + "\n"


def tables() -> str:
    """The tables by theme, in the order of a record's way."""
    lines = [
        "# Tables",
        "",
        WRITTEN,
        "More columns may come; those that are here keep their names and meaning. The views",
    ]
    lines += ["`leads` (one row a person) and `company_leads` (one row an employer) lay a campaign's leads flat."]
    lines += ["`tallied` is the running counts, `counted` and `counted_companies` the same from the rows.", ""]
    for theme in THEMES:
        lines += [f"## {(inspect.getdoc(theme) or '').partition(chr(10))[0].rstrip('.:')}", ""]
        for table in tables_of(theme):
            lines += [f"### `{table.name}`", "", "| column | type | |", "|---|---|---|"]
            lines += [f"| `{column.name}` | {kind(column)} | {role(column)} |" for column in table.columns] + [""]
    return "\n".join(lines)


def tables_of(theme: ModuleType) -> list[Table]:
    """The tables that a module describes, in its order."""
    return [value for value in vars(theme).values() if isinstance(value, Table)]


def kind(column: "Column[object]") -> str:
    """The type as PostgreSQL spells it."""
    return column.type.compile(dialect=PGDialect()).lower()


def role(column: "Column[object]") -> str:
    """What else there is to say: key, reference, computed, encrypted, required."""
    roles = ["key"] if column.primary_key else []
    roles += ["encrypted"] if SEALED in column.info else []
    roles += [f"refers to `{key.target_fullname}`" for key in column.foreign_keys]
    roles += ["computed"] if column.computed is not None else []
    roles += ["required"] if not column.nullable and not column.primary_key and column.server_default is None else []
    return ", ".join(roles)


def sentence(text: str) -> str:
    """With a full stop at its end."""
    return text.rstrip(".") + "."


def cell(text: str) -> str:
    """A text that keeps to its table cell."""
    return text.strip().replace("|", "\\|")


PAGES = {"spiders.md": spiders, "commands.md": command_line, "environment.md": environment, "tables.md": tables}

if __name__ == "__main__":
    for page, write in PAGES.items():
        (HERE / page).write_text(write(), encoding="utf-8")
