import errno
from pathlib import Path

import pytest

from leadspiders.errors import ServiceError
from leadspiders.stores.embedded.faults import failure, plainly

STAMP = "2026-01-02 03:04:05.678 UTC [42] "


@pytest.mark.parametrize(
    ("said", "line", "advice"),
    [
        (
            f"{STAMP}FATAL:  could not write to file: No space left on device\n{STAMP}LOG:  database is shut down\n",
            "FATAL:  could not write to file: No space left on device",
            "the disk is full",
        ),
        ("/x/initdb was ended by SIGXFSZ", "/x/initdb was ended by SIGXFSZ", "the disk is full"),
        (
            f"{STAMP}FATAL:  could not map anonymous shared memory: Cannot allocate memory\n{STAMP}HINT:  less\n",
            "FATAL:  could not map anonymous shared memory: Cannot allocate memory",
            "memory",
        ),
        (
            "initdb: error: could not look up effective user ID 1234: user does not exist\n",
            "initdb: error: could not look up effective user ID 1234: user does not exist",
            "/etc/passwd",
        ),
        (
            "7:M 01 Jan 2026 00:00:00.000 # Bad file format reading the append only file x.aof: make a backup\n",
            "Bad file format reading the append only file x.aof: make a backup",
            "scrapy ledger --repair",
        ),
        ("", "it said nothing", "see the log"),
    ],
)
def test_the_telling_line_and_what_to_do(tmp_path: Path, said: str, line: str, advice: str) -> None:
    message = str(failure("PostgreSQL", said, tmp_path))
    assert message.startswith(f"PostgreSQL does not start in {tmp_path}: {line} (")
    assert advice in message.removeprefix(f"PostgreSQL does not start in {tmp_path}: {line}")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("number", "advice"), [(errno.ENOSPC, "free some space"), (errno.EACCES, "LEADS_HOME"), (errno.EIO, "DATABASE_URL")]
)
def test_what_the_system_refuses_names_the_path(number: int, advice: str) -> None:
    with pytest.raises(ServiceError, match=rf"^/some/where: .*{advice}"), plainly(Path("/home")):
        raise OSError(number, "refused", "/some/where")
