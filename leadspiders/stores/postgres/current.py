"""Whether the tables are those of this program, in one query: Alembic, half a second of start, is for when not."""

from psycopg.errors import UndefinedTable

from leadspiders.stores.postgres.connected import connected
from leadspiders.stores.postgres.schema.revision import REVISION


def is_current(url: str) -> bool:
    """True when every step of the migrations was done and none that is unknown here. Raises `StoreError` when the
    database is out of reach."""
    with connected(url) as connection:
        try:
            return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISION,)]
        except UndefinedTable:
            return False
