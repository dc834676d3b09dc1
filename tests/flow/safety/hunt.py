"""Looks for secrets in everything that a crawl leaves behind.

Every hunted secret begins with one mark. A URL, JSON or a header leaves it as it is; base64 and hex turn it into a few
fixed texts; so one look for those finds each secret in each of its spellings.
"""

import base64
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg
import redis
from psycopg.sql import SQL, Identifier

from leadspiders.apis.registry import APIS

MARK = "hUnT3d-"
FEW = 50


def secret(api: str) -> str:
    """A key with characters that a URL, JSON and base64 spell differently."""
    return f"{MARK}{api}/+={secrets.token_hex(8)}"


def spellings(mark: str = MARK) -> list[bytes]:
    """The mark as it is, in hex, and in base64 at each of its three places."""
    packed = []
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + mark.encode())
        # The first and last letters hold bits of what stands beside it.
        packed.append(whole[-(-shift * 8 // 6) : len(mark.encode() + b"\0" * shift) * 8 // 6])
    return [mark.encode(), mark.encode().hex().encode(), *packed]


def finder(marks: Sequence[bytes]) -> Callable[[bytes], bool]:
    """Says whether one of the marks is in a text. Of thousands, only those that begin like the text at some place are
    compared there: to look for each in turn took half a minute."""
    if len(marks) < FEW:
        return lambda content: any(mark in content for mark in marks)
    length = min(map(len, marks))
    beginnings = defaultdict(list)
    for mark in marks:
        beginnings[mark[:length]].append(mark)

    def found(content: bytes) -> bool:
        places = range(len(content) - length + 1)
        return any(
            content.startswith(tuple(alike), at)
            for at in places
            if (alike := beginnings.get(content[at : at + length]))
        )

    return found


def in_redis(url: str, marks: list[bytes]) -> list[str]:
    """Keys of Redis whose name or content holds one."""
    held = finder(marks)
    with redis.Redis.from_url(url) as store:
        contents = ((key, b" ".join([key, *_content(store, key)])) for key in store.scan_iter(count=1000))
        return [f"redis {key!r}" for key, content in contents if held(content)]


def _content(store: "redis.Redis", key: bytes) -> Iterator[bytes]:
    kind = store.type(key)
    if kind == b"string":
        yield store.get(key) or b""
    elif kind == b"hash":
        for name, value in store.hgetall(key).items():
            yield from (name, value)
    elif kind == b"list":
        yield from store.lrange(key, 0, -1)
    elif kind == b"set":
        yield from store.smembers(key)
    elif kind == b"zset":
        yield from store.zrange(key, 0, -1)
    elif kind == b"stream":
        for _, fields in store.xrange(key):
            yield from (part for pair in fields.items() for part in pair)
    else:
        raise AssertionError(f"nobody looks into a {kind!r} of Redis: teach it here")


def in_postgres(url: str, marks: list[bytes]) -> list[str]:
    """Tables with a row whose text holds one; bytes are hex there."""
    found = []
    held = finder([*marks, *(mark.hex().encode() for mark in marks)])  # within bytes, base64 or hex is hex of that
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert len(tables) > 10
        for (table,) in tables:
            rows = connection.execute(SQL("SELECT t::text FROM {} AS t").format(Identifier(table)))
            if held("\n".join(row[0] for row in rows).encode()):
                found.append(f"table {table}")
    return found


def in_files(folder: Path, marks: list[bytes]) -> list[str]:
    """Files below a folder that hold one."""
    held = finder(marks)
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [f"file {path}" for path in paths if held(path.read_bytes())]


def secrets_of_all() -> dict[str, str]:
    """A secret for each API of the registry that takes one, by its environment name."""
    return {api.key_name: secret(api.name) for api in APIS.values() if api.key_name}
