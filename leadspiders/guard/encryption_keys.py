"""The file of the encryption keys: made once where the user gives none, so that nothing ever lies in clear.

One key a line, the newest first. Whoever has this file and a copy of the database can read it all: keep both apart.
"""

import base64
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from leadspiders.errors import SetupError
from leadspiders.stores.embedded.files import make_folder, write_private

KEY_BYTES = 32
FILE = "encryption.keys"
HEAD = """# The keys that the personal data in the database of leadspiders is encrypted with, the newest first.
# Without them that data is lost. Back this file up, but never beside a backup of the database.
"""


def stored_keys(file: Path) -> list[str]:
    """The keys of the file as texts, the newest first; none when there is no file."""
    try:
        lines = file.read_text().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SetupError(f"{file} cannot be read ({error.strerror}): it belongs to the user who made it") from None
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def all_keys(given: Sequence[str], file: Path) -> list[str]:
    """What the environment gives, then what the file holds besides. A file that cannot be read holds nothing here:
    whoever needs it is told by the vault."""
    held: list[str] = []
    with suppress(SetupError):
        held = stored_keys(file)
    return [*given, *(key for key in held if key not in given)]


def make_key() -> str:
    """A key as it is written in LEADS_ENCRYPTION_KEYS."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def add_key(file: Path, *, only_first: bool = False) -> None:
    """Put a key made now in front of the others; `only_first`: unless there is one, which another process made."""
    try:
        file.parent.parent.mkdir(parents=True, exist_ok=True)
        make_folder(file.parent)
        with FileLock(file.with_name(f".{file.name}.lock"), mode=0o600):
            keys = stored_keys(file)
            if not (only_first and keys):
                write_private(file, (HEAD + "".join(f"{key}\n" for key in [make_key(), *keys])).encode())
    except OSError as error:
        raise SetupError(
            f"{file} cannot be written ({error.strerror}): set LEADS_ENCRYPTION_KEYS, or another LEADS_HOME"
        ) from None
