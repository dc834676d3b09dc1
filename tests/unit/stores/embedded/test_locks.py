import subprocess
from pathlib import Path

import pytest

from leadspiders.errors import ServiceError
from leadspiders.stores.embedded.locks import alone_with


def test_the_lock_lives_as_long_as_a_server_it_was_given_to(tmp_path: Path) -> None:
    with alone_with(tmp_path) as held:
        server = subprocess.Popen(["/bin/sleep", "60"], pass_fds=(held,))
    with pytest.raises(ServiceError, match="in use by a server that is not seen"), alone_with(tmp_path, seconds=0.1):
        pass
    server.kill()
    server.wait()
    with alone_with(tmp_path):
        pass
