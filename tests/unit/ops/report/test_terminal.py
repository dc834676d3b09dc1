import io

import pytest
from rich.console import Console

from leadspiders.ops.report.terminal import terminal


@pytest.mark.parametrize("width", [60, 100])
def test_the_report_fits_and_says_what_the_page_says(report, width):
    console = Console(width=width, file=io.StringIO())
    console.print(terminal(report))
    text = console.file.getvalue()

    assert max(len(row) for row in text.splitlines()) <= width
    for words in (
        "Harbor & Loom <Outfitters> 14",
        "+30 e-mail verified",
        "out_of_target",
        "what to do next",
        "$412.60",
    ):
        assert words in text
    assert "`" not in text
