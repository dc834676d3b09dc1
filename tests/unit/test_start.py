"""What a start costs: libraries that only some commands need are not loaded by the others, hundreds of times a day."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULE = re.compile(r"^import time: +\d+ \| +\d+ \| +(\w+)", re.MULTILINE)
FOR_FEW = {"aiohttp", "alembic", "faker", "jinja2", "matplotlib", "numpy", "openpyxl", "rich", "statsmodels"}
FOR_STORES_AND_RECORDS = {
    "email_validator",
    "phonenumbers",
    "psycopg",
    "rapidfuzz",
    "redis",
    "sqlalchemy",
    "tldextract",
}


@pytest.mark.parametrize(
    ("words", "code", "heavy"),
    [
        ("version", 0, FOR_FEW | FOR_STORES_AND_RECORDS),
        # All spiders are there and the campaign is read, when it is found that there is no key.
        ("crawl apollo -a campaign=performance_marketers", 2, FOR_FEW),
    ],
)
def test_a_start_loads_what_it_needs(words: str, code: int, heavy: set[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "scrapy", *words.split()],
        env={"LEADS_HOME": str(tmp_path), "APOLLO_API_KEY": "", "PATH": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    loaded = set(MODULE.findall(done.stderr))
    assert done.returncode == code, done.stderr[-2000:]
    assert {"scrapy", "leadspiders"} <= loaded
    assert loaded & heavy == set()
