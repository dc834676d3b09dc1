import io

import pytest
from rich.console import Console

from leadspiders.ops.leads.table import table

LEAD = {
    "full_name": "Ada [b]Brook", "job_title": "Senior Performance Marketing Manager",
    "company_name": "Harbor & Loom Outfitters",
    "location_city": "Brooklyn", "location_state": "NY", "email": "ada@harborloom.example",
    "company_industry": "Retail", "company_size": "51-200",
    "data_quality_score": 97, "fit_score": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("width", "shown", "hidden"), [(60, "97", "NY"), (100, "NY", "Brooklyn"), (170, "ada@harborloom.example", "[/b]")]
)
def test_a_lead_is_one_line_with_what_the_width_allows(width, shown, hidden):
    console = Console(width=width, file=io.StringIO())
    console.print(table([LEAD], width))
    text = console.file.getvalue()

    rows = [row for row in text.splitlines() if "Ada [b]" in row]
    assert len(rows) == 1
    assert len(rows[0]) <= width
    assert shown in rows[0]
    assert hidden not in rows[0]
