import io

from rich.console import Console

from leadspiders.ops.verdict_view import show


def test_the_verdict_fits_a_narrow_terminal_with_every_line(report):
    console = Console(width=60, file=io.StringIO())
    console.print(show(report.verdict))
    text = console.file.getvalue()

    assert max(len(row) for row in text.splitlines()) <= 60
    assert text.count("✓ met") == sum(check.met is True for check in report.verdict.lines)
    assert text.count("✗ missed") == 1
    assert "No real person" in text
