"""Opens what was downloaded before: single files as they are, the members of a zip one after the other, streamed."""

import glob
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812  its own name says nothing

from leadspiders.errors import ArgumentError, Unreadable


def named(pattern: str | None) -> tuple[Path, ...]:
    """The files a glob names, in the order of their names; a pattern that names none is an `ArgumentError`."""
    if not pattern:
        return ()
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  a pattern may be absolute
    paths = tuple(path for path in map(Path, matches) if path.is_file())
    if not paths:
        raise ArgumentError(f"files={pattern} names no file: check the path, and quote it so that the shell leaves it")
    return paths


def texts(path: Path, ending: str, *, newline: str) -> Iterator[IO[str]]:
    """The text of a file, or of each member of a zip whose name ends so; bytes that are no UTF-8 are replaced.

    Raises `Unreadable` for a zip that is damaged or holds no such member.
    """
    if path.suffix.lower() != ".zip":
        with path.open(encoding="utf-8-sig", errors="replace", newline=newline) as lines:
            yield lines
        return
    with _whole(path), ZipFile(path) as archive:
        members = [name for name in archive.namelist() if name.lower().endswith(ending)]
        if not members:
            raise Unreadable(f"{path.name} holds no {ending} file: it is another download")
        for member in members:
            with TextIOWrapper(archive.open(member), "utf-8-sig", errors="replace", newline=newline) as lines:
                yield lines


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    try:
        yield
    except (BadZipFile, EOFError, ZlibError) as error:
        raise Unreadable(f"{path.name} is damaged ({error}): download it again") from error
