"""One second try for tests that start processes and wait on real clocks, and a list of those that needed it.

A test on that list passed, and is a fault to mend all the same: it depends on timing, or what it tests does.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
FOLDERS = (HERE / "flow", HERE / "faults")
HEADING = "needed a second try: each is a fault to mend"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long form of the faults looks for rare failures: it gives none."""
    if config.getoption("--chaos", default=0):
        return
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in FOLDERS):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a test with where its first try failed; the outcome of the second stands above, as that of any test."""
    first = {report.nodeid: report for report in terminalreporter.getreports("rerun")}
    if not first:
        return
    terminalreporter.section(HEADING, sep="!", red=True, bold=True)
    for name, report in first.items():
        crash = getattr(report.longrepr, "reprcrash", None)
        said = crash.message.splitlines()[0] if crash else ""
        terminalreporter.line(f"{name} ({report.when}): {said}")
