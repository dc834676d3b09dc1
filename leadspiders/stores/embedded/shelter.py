"""A place everybody can reach, for what root's servers need when the home or the wheels lie behind closed doors.

Typical: a checkout under /root (mode 0700), which the unprivileged account of the servers cannot enter. Programs are
copied to a folder that belongs to root and only root can write; before anything of it is run, owner, mode and size of
every file are checked, so that a file planted by somebody else is never run.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from leadspiders.errors import ServiceError
from leadspiders.stores.embedded.files import make_folder

CANDIDATES = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - its owner and mode are checked


def shelter() -> Path:
    """Our folder outside of every home: `leadspiders-<uid>`, ours alone to write, open for everybody to enter."""
    refusal: OSError | None = None
    for parent in CANDIDATES:
        folder = parent / f"leadspiders-{os.geteuid()}"
        try:
            return must_be_ours(make_folder(folder, mode=0o755))
        except OSError as refused:
            refusal = refused
    raise ServiceError(
        f"no place for the servers that every user can reach: {refusal} (set DATABASE_URL and REDIS_URL)"
    )


def shelters() -> list[Path]:
    """Our folders of that kind that are there already."""
    folders = [parent / f"leadspiders-{os.geteuid()}" for parent in CANDIDATES]
    return [must_be_ours(folder) for folder in folders if folder.is_dir()]


def must_be_ours(path: Path) -> Path:
    """The path again, if it is a real file or folder of ours that nobody else can write."""
    found = path.lstat()
    kind = stat.S_ISDIR(found.st_mode) or stat.S_ISREG(found.st_mode)
    if not kind or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise ServiceError(
            f"{path} is not what leadspiders put there (owner, mode or kind): look at it, then remove it"
        )
    return path


def copied(base: Path, files: Iterable[Path], name: str) -> Path:
    """A checked copy of these files (all under `base`, kept in the same order of folders) that everybody can read."""
    sizes = {file.relative_to(base): file.stat().st_size for file in sorted(files)}
    digest = hashlib.sha256(repr([(str(path), size) for path, size in sizes.items()]).encode()).hexdigest()[:12]
    target = shelter() / f"{name}-{digest}"
    if not target.exists():
        _copy(base, sizes, target)
    must_be_ours(target)
    for path, size in sizes.items():
        for folder in path.parents:
            must_be_ours(target / folder)
        if must_be_ours(target / path).stat().st_size != size:
            raise ServiceError(f"{target / path} is damaged: remove {target} and start again")
    return target


def _copy(base: Path, files: Iterable[Path], target: Path) -> None:
    """Into a folder beside the target first, so that a copy is there whole or not at all."""
    temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    try:
        for path in files:
            copy = temporary / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(base / path, copy)
            copy.chmod(0o755 if os.access(base / path, os.X_OK) else 0o644)
        for folder in (temporary, *(found for found in temporary.rglob("*") if found.is_dir())):
            folder.chmod(0o755)
        temporary.rename(target)
    except OSError:
        if not target.exists():  # else somebody was faster: theirs is as good
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
