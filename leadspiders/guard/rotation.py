"""Puts a new encryption key in the place of an old one while crawls go on, and says when the old one may go.

It may go when no value is left under it and nobody is left who would write one: transactions that were under way, and
crawls that were started while the old key was the newest of their environment.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass

from leadspiders.errors import SetupError
from leadspiders.guard.hash_key import seal_anew
from leadspiders.guard.vault import FORMAT, ID_BYTES, LOOK_SECONDS, Vault
from leadspiders.stores.postgres.connected import connected
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.resealing import ended, reseal_all, values_by_key, writers_of_now

LOOKS = 60
ROUNDS = 6  # of going through all tables, each after a pause twice as long: who holds a row lets go of it within those
PAUSE_SECONDS = 0.5

_FORGET = "DELETE FROM installation WHERE key = ANY(%s)"
_OLD = "SELECT substr(key, 16) FROM installation WHERE key LIKE 'encryption_key:%'"
# The key is noted when it is first used: a crawl that began before may seal under another one.
_EARLIER = """
SELECT count(*) FROM scraping_logs
 WHERE status = 'running' AND heartbeat_at > now() - interval '10 seconds'
   AND started_at < (SELECT value::timestamptz FROM installation WHERE key = 'encryption_key:' || %s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What was done. `left` counts the values that are still under each other key, by its id; `earlier` the crawls that
    go on sealing under another one; not `settled`: a transaction goes on that began before."""

    key: str
    resealed: int
    unreadable: int
    left: dict[str, int]
    earlier: int
    settled: bool

    @property
    def complete(self) -> bool:
        """Whether the other keys may be removed."""
        return not any(self.left.values()) and not self.earlier and self.settled


async def rotate(database: Database, url: str, vault: Vault) -> Rotation:
    """Bring everything in the database under the newest key; may be stopped at any moment and started again."""
    with connected(url) as connection:
        seal_anew(connection, vault)
        old = {id_ for (id_,) in connection.execute(_OLD)} - {vault.ids[0].hex()}
    newest, done = vault.newest, Counter[str]()

    def reseal(sealed: bytes, purpose: str) -> bytes | None:
        try:
            return vault.seal(vault.open(sealed, purpose), purpose)
        except SetupError:
            return None

    done = await reseal_all(database, newest, reseal)
    if vault.from_file:
        await asyncio.sleep(LOOK_SECONDS)  # until all processes of this home have the new key
    mark = await writers_of_now(database)
    over = await _over(database, mark)
    for number in range(ROUNDS):
        last = await reseal_all(database, newest, reseal)
        done["resealed"] += last["resealed"]
        found = await values_by_key(database, len(FORMAT) + ID_BYTES)
        if not over or sum(found.values()) - found[newest] <= last["unreadable"]:
            break
        await asyncio.sleep(PAUSE_SECONDS * 2**number)
    left = dict.fromkeys(sorted(old), 0) | {
        beginning[len(FORMAT) :].hex(): number for beginning, number in sorted(found.items()) if beginning != newest
    }
    async with database.connection() as line:
        row = await (await line.execute(_EARLIER, [vault.ids[0].hex()])).fetchone()
        earlier = row[0] if row and not vault.from_file else 0
        if over and not earlier:
            await line.execute(_FORGET, [[f"encryption_key:{id_}" for id_, number in left.items() if not number]])
    return Rotation(
        key=vault.ids[0].hex(),
        resealed=done["resealed"],
        unreadable=last["unreadable"],
        left=left,
        earlier=earlier,
        settled=over,
    )


async def _over(database: Database, mark: int) -> bool:
    for _ in range(LOOKS):
        if await ended(database, mark):
            return True
        await asyncio.sleep(PAUSE_SECONDS)
    return False
