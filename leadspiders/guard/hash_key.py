"""The key of all keyed hashes: made once an installation, kept in its database, sealed by the vault.

It cannot be derived from the encryption keys themselves: those rotate, and the hashes of a million leads must not. The
database also remembers by which keys its values are sealed, so that a process which lacks one is told before it starts.
"""

import base64
import binascii
import secrets

import psycopg

from leadspiders.errors import SetupError
from leadspiders.guard.encryption_keys import FILE
from leadspiders.guard.vault import Vault
from leadspiders.stores.postgres.connected import connected

PURPOSE = "hash key in this database"

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('leadspiders installation', 0))"
_KEYS = "SELECT substr(key, 16) FROM installation WHERE key LIKE 'encryption_key:%'"
_USE = """
INSERT INTO installation (key, value) VALUES ('encryption_key:' || %s, now()::text) ON CONFLICT (key) DO NOTHING
"""
_READ = "SELECT value FROM installation WHERE key = 'hash_key'"
_WRITE = """
INSERT INTO installation (key, value) VALUES ('hash_key', %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


def hash_key(connection: psycopg.Connection, vault: Vault) -> bytes:
    """The installation's 32-byte key, made at the first call, together with an encryption key if there is none.

    Raises `SetupError` when the database holds values that the vault cannot open.
    """
    connection.execute(_LOCK)
    known = {id_ for (id_,) in connection.execute(_KEYS)}
    found = connection.execute(_READ).fetchone()
    if missing := known - {id_.hex() for id_ in vault.ids}:
        raise SetupError(_lacking(vault, sorted(missing)))
    if not vault:
        vault.add_key(only_first=True)
    if vault.ids[0].hex() not in known:
        connection.execute(_USE, [vault.ids[0].hex()])
    key = _opened(found[0], vault) if found else secrets.token_bytes(32)
    if not found:
        connection.execute(_WRITE, [_sealed(key, vault)])
    connection.commit()
    return key


def hash_key_at(url: str, vault: Vault) -> bytes:
    """The key of the database at `url`; raises `StoreError` too, when it is out of reach or has no tables."""
    with connected(url) as connection:
        return hash_key(connection, vault)


def seal_anew(connection: psycopg.Connection, vault: Vault) -> None:
    """Put the key of the hashes under the newest encryption key."""
    key = hash_key(connection, vault)
    connection.execute(_WRITE, [_sealed(key, vault)])
    connection.commit()


def _lacking(vault: Vault, ids: list[str]) -> str:
    return (
        f"this database holds values under the key {', '.join(ids)}, which is not in LEADS_ENCRYPTION_KEYS"
        f"{vault.or_file()}: copy LEADS_HOME/{FILE} from the machine that made it, or set LEADS_ENCRYPTION_KEYS"
    )


def _sealed(key: bytes, vault: Vault) -> str:
    return base64.b64encode(vault.seal(key, PURPOSE)).decode()


def _opened(text: str, vault: Vault) -> bytes:
    try:
        sealed = base64.b64decode(text, validate=True)
    except binascii.Error:
        sealed = b""
    return vault.open(sealed, PURPOSE)
