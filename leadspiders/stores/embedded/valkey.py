"""Our own Valkey: the fast coordinator, kept over restarts by its append-only file.

SIGTERM flushes and syncs that file before the server ends, so that nothing acknowledged is lost. There are no
snapshots: with an append-only file they would never be read.
"""

import signal
from pathlib import Path

import redis

from leadspiders.errors import ServiceError
from leadspiders.stores.embedded import binaries, process, server
from leadspiders.stores.embedded.binaries import Program
from leadspiders.stores.embedded.files import make_folder, write_private
from leadspiders.stores.embedded.place import Place
from leadspiders.stores.embedded.process import Record

NAME = "Valkey"
FOLDER = "valkey"
_LADDER = ((signal.SIGTERM, 30.0),)

# Directives that Redis 6.2, the oldest fallback, knows as well. The password stands here and not on the command line,
# which every user of the machine can read.
_CONFIG = """\
# Written anew at every start.
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
daemonize no
logfile ""
dir {data}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


def ensure(place: Place) -> str:
    """Start it unless it runs, wait until it answers, and give its URL. The caller holds the home's lock."""
    folder, tag = place.state / FOLDER, f"{place.keys.tag}-valkey"
    record = process.running(folder)
    if record is not None:
        server.wait(NAME, folder, record, lambda found: _answers(place, found))
        return _url(place, record.port)
    program = binaries.find(binaries.VALKEY, place.account, instead="REDIS_URL")
    make_folder(folder / "data", account=place.account)
    with server.alone(folder, tag, _LADDER) as held:
        record = server.start(
            NAME,
            folder,
            lambda port: _command(place, program, port, tag),
            held=held,
            account=place.account,
            tag=tag,
            version=program.version,
            answers=lambda found: _answers(place, found),
        )
    return _url(place, record.port)


def stop(folder: Path) -> bool:
    """Write everything out and end. True if one was running."""
    return server.stop(folder, _LADDER)


def _url(place: Place, port: int | None) -> str:
    return f"redis://:{place.keys.valkey}@127.0.0.1:{port}/0"


def _answers(place: Place, record: Record) -> bool:
    client = redis.Redis.from_url(_url(place, record.port), socket_timeout=5, retry=None)
    try:
        return bool(client.ping())
    except redis.AuthenticationError:
        raise ServiceError(
            f"{place.state / 'keys.json'} does not hold the password of the running Valkey: bring the old file back"
        ) from None
    except (redis.ConnectionError, redis.TimeoutError, redis.exceptions.BusyLoadingError):
        return False
    finally:
        client.close()


def _command(place: Place, program: Program, port: int, tag: str) -> list[str | Path]:
    folder = place.state / FOLDER
    data = '"' + str(folder / "data").replace("\\", "\\\\").replace('"', '\\"') + '"'
    config = folder / "valkey.conf"
    write_private(config, _CONFIG.format(port=port, password=place.keys.valkey, data=data).encode(), place.account)
    return [program.path, config, "--proc-title-template", f"{tag} {{title}} {{listen-addr}}"]
