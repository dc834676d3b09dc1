"""`--record` records the cassettes of the tests that are run from the sandbox, `--record --live` from the services."""

from pathlib import Path

import pytest

from tests.cassettes.deck import Deck

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("cassettes")
    group.addoption("--record", action="store_true", help="record the cassettes of the tests that are run anew")
    group.addoption("--live", action="store_true", help="with --record: from the real services, which may cost money")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            # betamax 0.9 asks datetime.utcnow() for the age of a cassette; Python 3.12 and newer warn of it.
            item.add_marker(pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcnow:DeprecationWarning"))


@pytest.fixture(scope="session")
def deck(pytestconfig: pytest.Config) -> Deck:
    """Plays the cassettes that are there, unless they are to be recorded."""
    if not pytestconfig.getoption("--record", default=False):
        return Deck("cassette")
    return Deck("service" if pytestconfig.getoption("--live") else "sandbox")
