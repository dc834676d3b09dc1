"""The reference says what the code says."""

from pathlib import Path
from types import ModuleType

import psycopg
import pytest


@pytest.mark.parametrize("name", ["spiders.md", "commands.md", "environment.md", "tables.md"])
def test_a_generated_page_is_up_to_date(name: str, generate: ModuleType, root: Path) -> None:
    written = (root / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == generate.PAGES[name](), f"run `make docs`: {name} says something else than the code"


def test_every_table_of_a_migrated_database_is_described(generate: ModuleType, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
        ).fetchall()
    page = generate.tables()
    assert {name for (name,) in rows if f"`{name}`" not in page} == set()


def test_every_command_is_in_the_readme(generate: ModuleType, root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    names = generate.all_commands(generate.project_settings())
    assert [name for name in names if f"| `scrapy {name}" not in readme] == []
