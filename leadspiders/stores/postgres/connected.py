"""One plain connection, for a command that asks a few questions before, or besides, its pool."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from leadspiders.stores.postgres.failures import store_error

CONNECT_SECONDS = 10


@contextmanager
def connected(
    url: str, *, autocommit: bool = False, application_name: str = "leadspiders"
) -> Iterator[psycopg.Connection]:
    """A connection within one transaction (each statement its own with `autocommit`), closed at the end.

    Raises `StoreError` for whatever Postgres says within it.
    """
    try:
        with psycopg.connect(
            url, connect_timeout=CONNECT_SECONDS, autocommit=autocommit, application_name=application_name
        ) as connection:
            yield connection
    except psycopg.Error as error:
        raise store_error(error, url) from error
