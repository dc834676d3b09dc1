"""Who opts out while the lead waits in the outbox is sent nowhere any more."""

import asyncio
from typing import Any

from scrapy.http import Response

from leadspiders.guard.keyed_hash import keyed_hash
from leadspiders.stores.postgres import suppressions
from leadspiders.stores.postgres.pool import Database
from tests.conftest import VAULT
from tests.flow.delivery.conftest import HASH_KEY, answered, lead, to_the_end


def opt_out(database: str, kind: str, value: str) -> None:
    async def main() -> None:
        opened = Database(database, vault=VAULT)
        hash_of = keyed_hash(bytes.fromhex(HASH_KEY))
        await suppressions.add(opened, [(kind, hash_of(kind, value))], reason="asked")
        await opened.close()

    asyncio.run(main())


async def fair(path: str, names: list[str]) -> Response:
    return answered({"taken": "77"})


def test_between_outbox_and_delivery(database: str, due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(n) for n in range(10)])
    opt_out(database, "email", "ann3@firm0.example.com")
    opt_out(database, "linkedin", "https://www.linkedin.com/in/ann-lee-4")
    done = deliver(to_the_end, fair)
    assert [len(names) for path, names in done.calls if path == "/cards"] == [8]
    assert outbox() == {"sent 0": 8, "suppressed 0": 2}
    assert done.stat("export/hubspot/suppressed") == 2


def test_what_was_sent_before_can_still_be_found_there(database: str, due: Any, deliver: Any, rows: Any) -> None:
    due([lead(0)])
    deliver(to_the_end, fair)
    opt_out(database, "email", "ann0@firm0.example.com")
    due([lead(0, title="Media Buyer", phone="+13035550100")])
    assert deliver(to_the_end, fair).calls == []
    assert rows("SELECT state, external_id FROM outbox") == [{"state": "suppressed", "external_id": "77"}]


def test_nobody_left_to_deliver_needs_no_preparation(database: str, due: Any, deliver: Any) -> None:
    due([lead(0)])
    opt_out(database, "domain", "firm0.example.com")
    assert deliver(to_the_end, fair).calls == []
