"""An opt-out acts from the moment it is listed, also for somebody who was bought before."""

from pathlib import Path
from typing import Any

import psycopg

from leadspiders.guard.hash_key import hash_key
from leadspiders.guard.keyed_hash import keyed_hash
from tests.conftest import VAULT

CRAWL = ("crawl", "apollo", "-a", "sample=20", "-s", "DOWNLOAD_DELAY=0", "-a")
HERE = "campaign=performance_marketers"


def _opt_out_everybody(database: str) -> int:
    with psycopg.connect(database) as connection:
        hash_of = keyed_hash(hash_key(connection, VAULT))
        people = connection.execute("SELECT linkedin_url FROM contacts WHERE linkedin_url IS NOT NULL").fetchall()
        for (profile,) in people:
            connection.execute(
                "INSERT INTO suppressions (kind, hash, reason) VALUES ('linkedin', %s, 'asked')",
                [hash_of("linkedin", profile)],
            )
        return len(people)


def test_who_opted_out_is_suppressed_although_known_and_masked(sandboxed: Any, database: str) -> None:
    sandboxed(*CRAWL, HERE)
    asked = _opt_out_everybody(database)
    sandboxed(*CRAWL, HERE)
    status = sandboxed.status("performance_marketers")
    assert asked > 10
    assert status["suppressed"] == asked
    assert status["balanced"]


def test_who_opted_out_is_neither_stored_nor_bought_again_by_anybody(
    sandboxed: Any, database: str, tmp_path: Path
) -> None:
    sandboxed(*CRAWL, HERE)
    asked = _opt_out_everybody(database)
    with psycopg.connect(database) as connection:
        connection.execute("DELETE FROM contacts")
    sandboxed(*CRAWL, HERE)
    status = sandboxed.status("performance_marketers")
    assert status["suppressed"] == asked
    with psycopg.connect(database) as connection:
        stored = connection.execute("SELECT count(*) FROM contacts WHERE linkedin_url IS NOT NULL").fetchone()
    assert stored == (0,)


def test_who_is_known_is_ready_in_another_campaign_for_nothing(sandboxed: Any, tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "leadspiders/campaigns/performance_marketers.toml"
    (tmp_path / "autumn.toml").write_text(source.read_text())
    there = {"LEADS_CAMPAIGNS_DIR": str(tmp_path)}
    sandboxed(*CRAWL, HERE)
    sandboxed(*CRAWL, "campaign=autumn", **there)
    first = sandboxed.status("performance_marketers")
    second = type(sandboxed)(sandboxed.environment | there).status("autumn")
    assert second["leads"]["ready"] == first["leads"]["ready"] > 10
    assert second["spend_usd"] == 0.0
