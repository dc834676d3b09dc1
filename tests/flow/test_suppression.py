"""An opt-out acts from the moment it is listed: the person is neither bought, stored nor delivered."""

from typing import Any

import psycopg

from leadspiders.guard.hash_key import hash_key
from leadspiders.guard.keyed_hash import keyed_hash

CRAWL = ("crawl", "apollo", "-a", "campaign=performance_marketers", "-a", "sample=20", "-s", "DOWNLOAD_DELAY=0")


def test_who_opted_out_is_stored_no_more(sandboxed: Any, database: str) -> None:
    sandboxed(*CRAWL)
    with psycopg.connect(database) as connection:
        hash_of = keyed_hash(hash_key(connection, []))
        person = connection.execute("SELECT linkedin_url FROM contacts WHERE linkedin_url IS NOT NULL").fetchone()
        assert person
        connection.execute("DELETE FROM contacts")
        connection.execute(
            "INSERT INTO suppressions (kind, hash, reason) VALUES ('linkedin', %s, 'asked')",
            [hash_of("linkedin", person[0])],
        )
    sandboxed(*CRAWL)
    status = sandboxed.status("performance_marketers")
    assert status["suppressed"] == 1
    assert status["balanced"]
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT 1 FROM contacts WHERE linkedin_url = %s", person).fetchone() is None
