"""Run a program to its end, or leave one behind that outlives us, as the account the servers use."""

import errno
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from leadspiders.errors import ServiceError
from leadspiders.stores.embedded.account import Account

# Nothing of the caller's surroundings reaches a server: a LANG that is not installed stops Valkey, a TMPDIR or HOME
# that the account cannot reach stops initdb, a foreign LD_LIBRARY_PATH loads the wrong libz, and keys of APIs have no
# business there.
PLAIN = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def run(
    command: Sequence[str | Path],
    account: Account | None,
    *,
    seconds: float = 120,
    env: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """The exit status and everything the program printed. It starts in `/`, which everybody can reach; `env` is added
    to its plain surroundings.
    """
    done = _as(account, command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=PLAIN | dict(env or {}))
    try:
        output, _ = done.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        done.kill()
        output, _ = done.communicate()
        return -1, f"{output}\n{command[0]} did not end within {seconds:.0f} s"
    if done.returncode < 0:
        output += f"\n{command[0]} was ended by {signal.Signals(-done.returncode).name}"
    return done.returncode, output


def leave_behind(
    command: Sequence[str | Path],
    account: Account | None,
    *,
    log: IO[bytes],
    held: int,
    env: Mapping[str, str] | None = PLAIN,
    cwd: Path = Path("/"),
) -> int:
    """Start a program that is nobody's child, in a session of its own, and say its pid.

    The shell in between ends at once: what it started belongs to init, so that it survives whoever started it and
    leaves no zombie. The open file `held` goes along: its lock is the server's as long as it, or a child of it, lives.
    """
    shell = _as(
        account,
        ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *command],
        stdout=subprocess.PIPE,
        stderr=log,
        env=env,
        cwd=cwd,
        held=(held,),
    )
    output, _ = shell.communicate()
    return int(output)


def _as(
    account: Account | None,
    command: Sequence[str | Path],
    *,
    stdout: int,
    stderr: int | IO[bytes],
    env: Mapping[str, str] | None,
    cwd: Path = Path("/"),
    held: tuple[int, ...] = (),
) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(  # noqa: S603 - the one place where programs are started; none comes from outside
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env=env,
            cwd=cwd,
            pass_fds=held,
            start_new_session=True,
            text=True,
            errors="replace",
            umask=0o077,
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
        )
    except PermissionError as failure:
        if account is None or failure.errno != errno.EPERM:
            raise
        raise ServiceError(
            f"PostgreSQL does not run as root and this root may not become '{account.name}': "
            "run as an ordinary user or set DATABASE_URL and REDIS_URL"
        ) from None
