"""Seals what may not lie about in clear: AES-256-GCM under LEADS_ENCRYPTION_KEYS or, without it, the keys of a file.

The newest key seals; all of them open. What was sealed carries the id of its key, so that one look tells which key is
missing, and it is bound to its purpose: a sealed text that is moved to another place does not open there. A key that is
added to the file reaches the processes that run within a second.
"""

import base64
import binascii
import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from leadspiders.errors import SetupError
from leadspiders.guard.encryption_keys import KEY_BYTES, add_key, stored_keys

ID_BYTES = 4
NONCE_BYTES = 12  # random: fit for 2^32 seals a key
TAG_BYTES = 16
FORMAT = b"\x01"
HEADER_BYTES = len(FORMAT) + ID_BYTES + NONCE_BYTES
LOOK_SECONDS = 1.0

MAKE_ONE = "make one with `openssl rand -base64 32`"


class Vault:
    """Holds the keys. One without a key seals nothing, and says how to make one."""

    def __init__(self, keys: Sequence[bytes], file: Path | None = None) -> None:
        self._given = list(keys)
        self._file = file
        self._stamp: tuple[int, int] | None = None
        self._looked = 0.0
        self._ciphers: dict[bytes, AESGCM] = {}
        self._hold(self._given)
        self._look()

    def __repr__(self) -> str:
        return f"Vault({', '.join(one.hex() for one in self._ciphers)})"

    def __bool__(self) -> bool:
        return bool(self._ciphers)

    @classmethod
    def of(cls, keys: Sequence[str], file: Path | None = None) -> Self:
        """From the texts of LEADS_ENCRYPTION_KEYS and a file of more; raises `SetupError` for one that is no key."""
        return cls([_decoded(text, place, "LEADS_ENCRYPTION_KEYS") for place, text in enumerate(keys, start=1)], file)

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any]) -> Self:
        """The vault of this installation."""
        file = settings.get("LEADS_ENCRYPTION_KEYS_FILE")
        return cls.of(settings.get("LEADS_ENCRYPTION_KEYS") or (), Path(file) if file else None)

    @property
    def ids(self) -> list[bytes]:
        """Of all keys, the newest first."""
        return list(self._ciphers)

    @property
    def newest(self) -> bytes:
        """What all that is sealed now begins with: the format and the id of the newest key."""
        return FORMAT + next(iter(self._ciphers))

    @property
    def from_file(self) -> Path | None:
        """The file, where the newest key comes from it: LEADS_ENCRYPTION_KEYS gives none then."""
        return None if self._given else self._file

    def add_key(self, *, only_first: bool = False) -> None:
        """Put a key made now in front of those of the file; `only_first`: unless there is one."""
        assert self._file
        add_key(self._file, only_first=only_first)
        self._look()

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """The bytes under the newest key: format, key id, nonce, then what AES-GCM gives. 33 bytes more than before."""
        if self._file and time.monotonic() - self._looked > LOOK_SECONDS:
            self._look()
        for newest, cipher in self._ciphers.items():
            header = FORMAT + newest + os.urandom(NONCE_BYTES)
            return header + cipher.encrypt(header[-NONCE_BYTES:], plain, header + purpose.encode())
        raise SetupError(f"LEADS_ENCRYPTION_KEYS is not set, so the {purpose} cannot be sealed: {MAKE_ONE}")

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """What was sealed for this purpose. Raises `SetupError`: no key, another key, or a damaged text."""
        header = sealed[:HEADER_BYTES]
        if len(sealed) < HEADER_BYTES + TAG_BYTES or header[:1] != FORMAT:
            raise SetupError(f"the {purpose} is damaged: restore it from a backup, or make it anew")
        named = header[1 : 1 + ID_BYTES]
        if named not in self._ciphers:
            self._look()
        if not self:
            where = f", or bring {self._file} back" if self._file else ""
            raise SetupError(f"the {purpose} is sealed: set LEADS_ENCRYPTION_KEYS to the keys it was made with{where}")
        if named not in self._ciphers:
            raise SetupError(
                f"none of LEADS_ENCRYPTION_KEYS{self.or_file()} opens the {purpose}: add the key it was made with "
                f"(id {named.hex()})"
            )
        try:
            return self._ciphers[named].decrypt(header[-NONCE_BYTES:], sealed[HEADER_BYTES:], header + purpose.encode())
        except InvalidTag:
            raise SetupError(f"the {purpose} is damaged: restore it from a backup, or make it anew") from None

    def or_file(self) -> str:
        """Where else keys are looked for, as the end of "LEADS_ENCRYPTION_KEYS"."""
        return f" or {self._file}" if self._file else ""

    def _look(self) -> None:
        """Take in the file when it has changed."""
        self._looked = time.monotonic()
        if self._file is None or (stamp := _stamp(self._file)) in (None, self._stamp):
            return
        texts = enumerate(stored_keys(self._file), start=1)
        self._hold([*self._given, *(_decoded(text, place, str(self._file)) for place, text in texts)])
        self._stamp = stamp

    def _hold(self, keys: Sequence[bytes]) -> None:
        self._ciphers = {id_: self._ciphers.get(id_) or AESGCM(key) for key in keys if (id_ := key_id(key))}


def key_id(key: bytes) -> bytes:
    """What names a key. A plain hash is no danger here: a key is 256 random bits, which nobody can search."""
    return hashlib.sha256(b"leadspiders key id" + key).digest()[:ID_BYTES]


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _decoded(text: str, place: int, where: str) -> bytes:
    """Both alphabets of base64 are taken: `openssl` writes one, Python's Fernet the other."""
    try:
        key = base64.b64decode(text.translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SetupError(f"key {place} of {where} is not {KEY_BYTES} bytes in base64: {MAKE_ONE}")
    return key
