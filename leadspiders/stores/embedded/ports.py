"""A port on 127.0.0.1 for a server: the one it had, or a free one."""

import random
import socket
from collections.abc import Iterable

from leadspiders.errors import ServiceError

# Below the range from which Linux (32768) and macOS (49152) take the ports of outgoing connections, so that a port is
# still free at the next start; 5432 and 6379 belong to the machine's own servers.
FIRST, LAST = 20000, 29999


def free_port(preferred: int | None = None, *, avoid: Iterable[int] = ()) -> int:
    """The preferred port if nobody listens there, else a free one picked at random."""
    refused = set(avoid)
    picks = random.SystemRandom().sample(range(FIRST, LAST + 1), 200)
    for port in [*([preferred] if preferred else []), *picks]:
        if port not in refused and is_free(port):
            return port
    raise ServiceError(f"no free port between {FIRST} and {LAST} on 127.0.0.1: set DATABASE_URL and REDIS_URL")


def is_free(port: int) -> bool:
    """Whether a server could listen there now. Old connections in TIME_WAIT do not count, as for the servers."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True
