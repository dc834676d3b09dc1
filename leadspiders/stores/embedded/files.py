"""Files and folders of ours: written whole or not at all, never readable by others."""

import os
import tempfile
from pathlib import Path

from leadspiders.stores.embedded.account import Account, give


def write_private(path: Path, content: bytes, account: Account | None = None) -> None:
    """Replace a file in one step (mode 0600), for the account if one is named, else for the caller."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    temporary = Path(name)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        give(temporary, account)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def make_folder(path: Path, *, mode: int = 0o700, account: Account | None = None) -> Path:
    """Create one folder with exactly this mode, whatever the umask; one that exists stays as it is."""
    try:
        path.mkdir(mode=mode)
    except FileExistsError:
        return path
    path.chmod(mode)
    give(path, account)
    return path


def sync_folder(path: Path) -> None:
    """Make a rename inside this folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
