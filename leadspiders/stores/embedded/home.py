"""The home of the services, LEADS_HOME, opened for one process at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leadspiders.stores.embedded.account import Account, service_account
from leadspiders.stores.embedded.faults import plainly
from leadspiders.stores.embedded.files import make_folder
from leadspiders.stores.embedded.locks import one_at_a_time


@contextmanager
def alone_in(home: Path) -> Iterator[Account | None]:
    """The account of this home's servers, with the home made if need be and its lock held."""
    with plainly(home):
        home.parent.mkdir(parents=True, exist_ok=True)
        # As root, the servers' account has to pass through; everything inside is closed by itself.
        make_folder(home, mode=0o711 if os.geteuid() == 0 else 0o700)
        with one_at_a_time(home):
            yield service_account(home)
