"""Writes market cells: a cell that BLS revised takes the place of what was there."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from leadspiders.apis.bls.slices import SIZES
from leadspiders.items.market_cell import MarketCell
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.schema.market import market_cells
from leadspiders.stores.postgres.text import as_json, storable

KEY = tuple(column.name for column in market_cells.primary_key)
COLUMNS = tuple(
    column.name for column in market_cells.columns if column.name not in {"unit", "created_at", "updated_at"}
)
VALUES = tuple(name for name in COLUMNS if name not in KEY)
MEASURES = COLUMNS[: COLUMNS.index("size_min")]
# Codes with which a row still tells the measure. Where it tells nothing all the same (a time series was asked for
# without the others), what another reading told stays.
TOLD = {"establishments": ["", "N"], "employment": [""], "total_wages": [""], "avg_weekly_wage": [""]}

Key = tuple[Any, ...]

# A temporary table of the session: filled by COPY, emptied by the commit.
_STAGE = "CREATE TEMPORARY TABLE IF NOT EXISTS new_cells (LIKE market_cells INCLUDING DEFAULTS) ON COMMIT DELETE ROWS"
_EMPTY = "DELETE FROM new_cells"


def _names(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _change(name: str) -> sql.Composed:
    new = sql.SQL("excluded.{}").format(sql.Identifier(name))
    if name in TOLD:
        new = sql.SQL(
            "CASE WHEN excluded.disclosure_code = ANY({codes}) THEN coalesce({new}, market_cells.{old}) ELSE {new} END"
        ).format(codes=sql.Literal(TOLD[name]), new=new, old=sql.Identifier(name))
    return sql.SQL("{} = {}").format(sql.Identifier(name), new)


_COPY = sql.SQL("COPY new_cells ({}) FROM STDIN").format(_names(COLUMNS))
# In the order of the key, so that two writers of the same slice wait for each other instead of blocking each other.
_MERGE = sql.SQL("""
INSERT INTO market_cells ({columns}) SELECT {columns} FROM new_cells ORDER BY {key}
ON CONFLICT ({key}) DO UPDATE SET {changes}, updated_at = now()
RETURNING {key}, xmax = 0
""").format(
    columns=_names(COLUMNS),
    key=_names(KEY),
    changes=sql.SQL(", ").join(map(_change, VALUES)),
)


async def write_cells(connection: Connection, cells: Sequence[MarketCell]) -> list[bool]:
    """Write the cells; returns for each whether it is new. Of twins among them the last one stays."""
    last: dict[Key, MarketCell] = {}
    fresh: list[bool] = []
    for cell in cells:
        key = cell_key(cell)
        fresh.append(key not in last)
        last[key] = cell
    await connection.execute(_STAGE)
    await connection.execute(_EMPTY)
    async with connection.cursor() as cursor:
        async with cursor.copy(_COPY) as copy:
            for cell in last.values():
                await copy.write_row(_values(cell))
        await cursor.execute(_MERGE)
        made = {tuple(row[:-1]) for row in await cursor.fetchall() if row[-1]}
    return [first and cell_key(cell) in made for first, cell in zip(fresh, cells, strict=True)]


def cell_key(cell: MarketCell) -> Key:
    """What its row has alone."""
    return tuple(getattr(cell, name) for name in KEY)


def _values(cell: MarketCell) -> list[Any]:
    values = [getattr(cell, name) for name in MEASURES]
    origin = cell.origin
    place = [origin.source, origin.run_id, origin.receipt, origin.fetched_at] if origin else [None] * 4
    measures = [storable(value) if isinstance(value, str) else value for value in values]
    return [*measures, *SIZES.get(cell.size_code, (None, None)), as_json(cell.extras), *place]
