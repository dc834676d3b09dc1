"""Leads as a table on a terminal: as many columns as it is wide, the ones people ask for first."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rich import box
from rich.table import Table
from rich.text import Text

WIDEST = 170  # beyond it, the eye loses the line


class Column(NamedTuple):
    """`share` of the room that is left by columns of fixed width (share None), shown from a terminal of `least` on."""

    heading: str
    field: str
    share: int | None
    least: int = 0


# A campaign that counts employers has no person's columns, and shows those that are left.
COLUMNS = (
    Column("name", "full_name", 4),
    Column("title", "job_title", 5),
    Column("company", "company_name", 4),
    Column("industry", "company_industry", 4, 150),
    Column("staff", "company_size", None, 110),
    Column("city", "location_city", 3, 110),
    Column("state", "location_state", None, 90),
    Column("e-mail", "email", 5, 130),
    Column("quality", "data_quality_score", None),
    Column("fit", "fit_score", None),
)
NUMBERS = ("data_quality_score", "fit_score")


def table(leads: Sequence[Mapping[str, Any]], width: int) -> Table:
    """One line a lead, for a terminal of `width` columns; a value that is too long ends in an ellipsis."""
    known = leads[0] if leads else {}
    shown = [column for column in COLUMNS if width >= column.least and column.field in known]
    made = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, width=min(width, WIDEST))
    for column in shown:
        made.add_column(
            column.heading, justify="right" if column.field in NUMBERS else "left", ratio=column.share, no_wrap=True
        )
    for lead in leads:
        made.add_row(*(Text("" if lead[column.field] is None else str(lead[column.field])) for column in shown))
    return made
