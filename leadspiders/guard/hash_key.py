"""The key of all keyed hashes: made once an installation, kept in its database, sealed when the user gives a key.

It cannot be derived from `LEADS_ENCRYPTION_KEYS` themselves: those rotate, and the hashes of a million leads must not.
"""

import secrets

import psycopg
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from leadspiders.errors import SetupError

_READ = "SELECT value FROM installation WHERE key = 'hash_key'"
_WRITE = """
    INSERT INTO installation (key, value) VALUES ('hash_key', %s) ON CONFLICT (key) DO NOTHING
"""
_SEAL = "UPDATE installation SET value = %s WHERE key = 'hash_key'"


def hash_key(connection: psycopg.Connection, encryption_keys: list[str]) -> bytes:
    """The installation's 32-byte key, made at the first call. `encryption_keys` are Fernet keys, the newest first.

    Raises `SetupError` when the key is sealed and none of the given keys opens it.
    """
    vault = _vault(encryption_keys)
    connection.execute(_WRITE, [_written(secrets.token_bytes(32), vault)])
    row = connection.execute(_READ).fetchone()
    assert row
    kind, _, text = str(row[0]).partition(":")
    key = _opened(text, vault) if kind == "sealed" else bytes.fromhex(text)
    if vault and kind == "plain":
        connection.execute(_SEAL, [_written(key, vault)])
    connection.commit()
    return key


def _vault(encryption_keys: list[str]) -> MultiFernet | None:
    try:
        return MultiFernet([Fernet(key) for key in encryption_keys]) if encryption_keys else None
    except ValueError:
        raise SetupError(
            "LEADS_ENCRYPTION_KEYS is not a list of Fernet keys: make one with"
            " `python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'`"
        ) from None


def _written(key: bytes, vault: MultiFernet | None) -> str:
    return f"sealed:{vault.encrypt(key).decode()}" if vault else f"plain:{key.hex()}"


def _opened(text: str, vault: MultiFernet | None) -> bytes:
    if not vault:
        raise SetupError("this database was made with LEADS_ENCRYPTION_KEYS: set them to the same keys")
    try:
        return vault.decrypt(text)
    except InvalidToken:
        raise SetupError("none of LEADS_ENCRYPTION_KEYS opens this database: set the keys it was made with") from None
