"""What an error of Postgres means: whether the same may succeed a moment later, and the one line for whoever reads it.

It goes by SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

import psycopg
from psycopg.conninfo import conninfo_to_dict

from leadspiders.errors import StoreError

_AWAY = ("08", "57P")  # the line was cut, the server is shut down or starts
_IN_THE_WAY = ("40", "55P03", "57014")  # deadlock, lock timeout, statement timeout
_SHORT = ("53", "58")  # no room, no connection left, the disk fails
_UNKNOWN_TABLE = ("42P01", "42703", "3F000")
# What says nothing of the statement and its values: the same may go well. 25P03: the line was cut, since we froze.
_PASSING = (*_AWAY, *_SHORT, "57", "25P03", "40001", "40P01", "55P03")


def passing(error: BaseException) -> bool:
    """Whether the same work may succeed a moment later."""
    if isinstance(error, StoreError) and error.__cause__:  # the line was cut within the transaction
        error = error.__cause__
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is None:  # libpq's own: the line is cut
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate.startswith(_PASSING)


def store_error(error: BaseException, url: str | None = None) -> StoreError:
    """The one line for an error of the database at `url`, with what to do; it never shows the password."""
    where = f" at {address(url)}" if url else ""
    state, why = getattr(error, "sqlstate", None), reason(error)
    if state.startswith(_AWAY) if state else isinstance(error, psycopg.OperationalError):
        return StoreError(f"Postgres does not answer{where} ({why}): check DATABASE_URL and that the server runs")
    if state and state.startswith(_IN_THE_WAY):
        return StoreError(f"Postgres{where} could not go on ({why}): others use the same rows; start it again")
    if state and state.startswith(_SHORT):
        return StoreError(f"Postgres{where} is short of something ({why}): see to the server, then start it again")
    if state in _UNKNOWN_TABLE:
        return StoreError(f"the tables{where} are not there, or not of this program ({why}): run `scrapy migrate`")
    return StoreError(f"Postgres{where} refuses it ({why}): see to that, then start it again")


def reason(error: BaseException) -> str:
    """What went wrong, in one line: the server's own message without its context, or libpq's without its advice."""
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        return error.diag.message_primary.partition("\n")[0]
    said = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("\t")]
    return said[-1] if said else type(error).__name__  # the last of several hosts that were tried


def address(url: str) -> str:
    """`host:port/database` of a connection string; raises `StoreError` when it is none."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise StoreError(
            "DATABASE_URL is no Postgres URL: write postgresql://user:password@host:port/database"
        ) from None
    return f"{parts.get('host') or 'localhost'}:{parts.get('port') or 5432}/{parts.get('dbname') or ''}"
