"""Whom the servers run as: the caller, or an existing unprivileged user when the caller is root.

PostgreSQL refuses to run as root. No user is ever created, and nothing outside of our own folders changes its owner or
mode.
"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from leadspiders.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Account:
    """An existing user to drop to."""

    name: str
    uid: int
    gid: int


def service_account(home: Path) -> Account | None:
    """The user to drop to, None when there is nothing to drop: the owner of `home` if that is not root, else nobody."""
    if os.geteuid() != 0:
        return None
    try:
        owner = home.stat().st_uid if home.exists() else 0
        # An owner without an entry in the user database is no use: initdb looks the name up and gives up.
        entry = pwd.getpwuid(owner) if owner and _known(owner) else pwd.getpwnam("nobody")
    except KeyError:
        raise ServiceError(
            "PostgreSQL does not run as root and there is no user 'nobody': run as an ordinary user or set DATABASE_URL"
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def give(path: Path, account: Account | None) -> None:
    """Hand one file or folder of ours to the account; a link is never followed."""
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
