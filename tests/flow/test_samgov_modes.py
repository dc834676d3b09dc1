"""The ways into SAM.gov through the command line: extract, monthly file, what a later crawl skips, a used-up quota."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import psycopg
import pytest

FAST = ("-s", "DOWNLOAD_DELAY=0", "-a", "campaign=fast")


@pytest.fixture
def register(sandboxed: Any, tmp_path: Path) -> Any:
    """`register("mode=extract")` crawls for a campaign that does not wait long for an extract; returns the log."""
    text = files("leadspiders.campaigns").joinpath("dpc_employers.toml").read_text(encoding="utf-8")
    (tmp_path / "fast.toml").write_text(text.replace("[sources.samgov]", "[sources.samgov]\npoll_seconds = 1.0"))

    def crawl(*arguments: str, code: int = 0, **more: str) -> str:
        words = [word for argument in arguments for word in ("-a", argument)]
        done = sandboxed("crawl", "samgov", *FAST, *words, code=code, LEADS_CAMPAIGNS_DIR=str(tmp_path), **more)
        return str(done.stderr)

    return crawl


def urls(database: str) -> list[str]:
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT url FROM receipts WHERE source = 'samgov' ORDER BY opened_at").fetchall()
    return [row[0] for row in rows]


def outcomes(database: str) -> tuple[int, int, int, int]:
    """Seen, settled, stored and refused."""
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT sum(seen), sum(cardinality(settled)), sum((counts ->> 'stored')::int),"
            " (SELECT sum(n::int) FROM receipts, jsonb_each_text(counts) AS c (o, n) WHERE o LIKE 'refused:%')"
            " FROM receipts WHERE source = 'samgov'"
        ).fetchone()
    assert row
    return tuple(int(number or 0) for number in row)  # type: ignore[return-value]


def test_an_extract_is_waited_for_and_a_second_crawl_asks_for_changes_only(register: Any, database: str) -> None:
    register("mode=extract")
    seen, settled, stored, refused = outcomes(database)
    assert seen == settled > stored > 70
    assert 0 < refused < stored
    assert {"token=" in url for url in urls(database)} == {False, True}
    register("mode=pages")
    assert "updateDate=" in urls(database)[-1]
    assert outcomes(database)[2] == stored


def test_the_monthly_file_is_read_once(register: Any, database: str) -> None:
    register("mode=monthly")
    first = outcomes(database)
    assert first[0] == first[1] > first[2] > 60
    assert first[3] > 10
    assert not [url for url in urls(database) if "Signature" in url]
    register("mode=monthly")
    assert outcomes(database) == first


def test_a_used_up_quota_closes_the_source_and_the_run_goes_on_later(register: Any, database: str) -> None:
    few = {"SAM_GOV_API_KEY": f"small-{database.rpartition('/')[2]}"}
    register("run_id=tuesday", code=1, **few)
    assert outcomes(database)[0] == 100
    asked = urls(database)
    with psycopg.connect(database, autocommit=True) as connection:
        (until,) = connection.execute("SELECT until FROM closed_sources").fetchone() or (None,)
        connection.execute("UPDATE closed_sources SET until = now()")  # the shared pace knows it still
        log = register("run_id=tuesday", code=1, **few)
        assert "stays in the queue" in log
        assert "Traceback" not in log  # it was ended after its opening, not within
        connection.execute("UPDATE closed_sources SET until = %s", [until])
    assert "no request is made before" in register("run_id=tuesday", code=1, **few)
    assert urls(database) == asked
    with psycopg.connect(database, autocommit=True) as connection:
        (credential,) = connection.execute("SELECT credential FROM closed_sources").fetchone() or (b"",)
        assert b"small" not in credential
        (complete,) = connection.execute("SELECT complete FROM watermarks").fetchone() or (None,)
        assert complete is False
    register("run_id=tuesday")
    seen, settled, *_ = outcomes(database)
    assert seen == settled
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT complete, gaps FROM watermarks").fetchall() == [(True, 0)]
        pages = connection.execute("SELECT count(DISTINCT url), count(*) FROM receipts").fetchone()
    assert pages == (-(-seen // 10), -(-seen // 10))
