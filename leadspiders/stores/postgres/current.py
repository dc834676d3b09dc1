"""Whether the tables are those of this program, in one query: Alembic, half a second of start, is for when not."""

import psycopg
from psycopg.errors import UndefinedTable

from leadspiders.stores.postgres.connected import CONNECT_SECONDS
from leadspiders.stores.postgres.failures import store_error
from leadspiders.stores.postgres.schema.revision import REVISION


def is_current(url: str) -> bool:
    """True when every step of the migrations was done and none that is unknown here. Raises `StoreError` when the
    database is out of reach."""
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS, application_name="leadspiders") as connection:
            return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISION,)]
    except UndefinedTable:
        return False
    except psycopg.Error as error:
        raise store_error(error, url) from None
