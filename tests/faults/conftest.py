"""The town that the faults strike, and how often they do: `--chaos N` for the long form."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadspiders.stores.embedded import services
from tests.faults.proxy import lines
from tests.faults.town import Town


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--chaos", type=int, default=0, metavar="N", help="the faults in their long form, N rounds")


@pytest.fixture(scope="session")
def rounds(pytestconfig: pytest.Config) -> int:
    """0 in the short form."""
    return int(pytestconfig.getoption("--chaos", default=0))


@pytest.fixture(scope="session")
def the_town() -> Iterator[Town]:
    home = Path(tempfile.mkdtemp(prefix="leadspiders-faults-"))
    home.chmod(0o755)
    with lines() as exchange:
        town = Town(home, exchange)
        try:
            town.open()
            yield town
        finally:
            services.discard(home)
            shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def town(the_town: Town) -> Iterator[Town]:
    """The town with empty stores and a new run."""
    the_town.fresh()
    yield the_town
    the_town.end()
