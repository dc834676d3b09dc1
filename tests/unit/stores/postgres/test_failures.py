import psycopg
import pytest
from psycopg import errors

from leadspiders.errors import StoreError
from leadspiders.stores.postgres.failures import address, passing, reason, store_error

URL = "postgresql://me:secret@h/d"
REFUSED = (
    'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused\n'
    "\tIs the server running on that host and accepting TCP/IP connections?"
)
CUT = (
    "consuming input failed: server closed the connection unexpectedly\n"
    "\tThis probably means the server terminated abnormally\n\tbefore or while processing the request."
)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@db.example.com:5433/leads", "db.example.com:5433/leads"),
        ("postgresql://db.example.com/leads", "db.example.com:5432/leads"),
        ("host=/run/postgresql dbname=leads user=me", "/run/postgresql:5432/leads"),
        ("postgresql:///leads", "localhost:5432/leads"),
    ],
)
def test_an_address_holds_no_password(url: str, shown: str) -> None:
    assert address(url) == shown


def test_what_is_no_url_is_said_without_showing_it() -> None:
    with pytest.raises(StoreError, match="no Postgres URL") as caught:
        address("mysql://me:secret@x/y")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(("said", "why"), [(REFUSED, REFUSED.partition("\n")[0]), (CUT, CUT.partition("\n")[0])])
def test_nobody_answers(said: str, why: str) -> None:
    assert str(store_error(psycopg.OperationalError(said), URL)) == (
        f"Postgres does not answer at h:5432/d ({why}): check DATABASE_URL and that the server runs"
    )


def test_the_last_of_several_hosts_is_named() -> None:
    assert reason(psycopg.OperationalError("first\n\thint?\nlast reason\n")) == "last reason"
    assert reason(psycopg.OperationalError()) == "OperationalError"


@pytest.mark.parametrize(
    ("error", "words", "again"),
    [
        (errors.AdminShutdown, "does not answer", True),
        (errors.ConnectionFailure, "does not answer", True),
        (errors.DeadlockDetected, "could not go on", True),
        (errors.LockNotAvailable, "could not go on", True),
        (errors.QueryCanceled, "could not go on", True),
        (errors.DiskFull, "short of something", True),
        (errors.TooManyConnections, "short of something", True),
        (errors.IdleInTransactionSessionTimeout, "refuses it", True),
        (errors.ProgramLimitExceeded, "refuses it", False),
        (errors.InsufficientPrivilege, "refuses it", False),
        (errors.UndefinedTable, "run `scrapy migrate`", False),
        (psycopg.ProgrammingError, "refuses it", False),
    ],
)
def test_only_who_is_away_does_not_answer(error: type[psycopg.Error], words: str, again: bool) -> None:
    said = str(store_error(error("why"), URL))
    assert words in said
    assert "(why): " in said
    assert ("does not answer" in said) == (words == "does not answer")
    assert passing(error("why")) is again


def test_what_cut_a_line_is_behind_the_error_that_says_so() -> None:
    cut, away = StoreError("cut"), StoreError("away")
    cut.__cause__ = psycopg.OperationalError("cut")
    assert passing(cut)
    assert not passing(away)
    assert not passing(ValueError())
