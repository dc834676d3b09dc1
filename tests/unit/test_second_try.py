"""A second try is given to the tests that wait on real clocks, once, and everybody hears of it."""

import pytest

from tests import second_try

pytest_plugins = ["pytester"]
TESTS = """
import pytest
TRIES = []
MADE = []

@pytest.fixture(scope="module")
def weak():
    MADE.append(1)
    assert len(MADE) > 1, "not up yet"

@pytest.fixture(scope="module")
def shared():
    MADE.append("shared")
    yield

def test_setup(weak): pass
def test_before(shared): pass
def test_sometimes(shared):
    TRIES.append(1)
    assert len(TRIES) > 1, "too early"
def test_after(shared): assert MADE.count("shared") == 1
def test_never(): raise OSError("away")
"""


def test_only_who_waits_on_clocks_gets_one_and_is_named(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("flow", "unit"):
        pytester.mkdir(folder).joinpath(f"test_{folder}.py").write_text(TESTS)
    monkeypatch.setattr(second_try, "FOLDERS", (pytester.path / "flow",))
    plugins = ("-p", "tests.second_try", "-p", "no:xdist", "-p", "no:cacheprovider")
    outcome = pytester.runpytest_inprocess(*plugins, "-rf")
    outcome.assert_outcomes(passed=6, failed=3, errors=1)  # failed: never, twice, and the weak one of the unit tests
    outcome.stdout.fnmatch_lines(
        [
            f"!!* {second_try.HEADING} !!*",
            "flow/test_flow.py::test_setup (setup): AssertionError: not up yet",
            "flow/test_flow.py::test_sometimes (call): AssertionError: too early",
            "flow/test_flow.py::test_never (call): OSError: away",
            "FAILED flow/test_flow.py::test_never*",
            "FAILED unit/test_unit.py::test_sometimes*",
        ]
    )
    outcome.stdout.no_fnmatch_line("FAILED flow/test_flow.py::test_sometimes*")
