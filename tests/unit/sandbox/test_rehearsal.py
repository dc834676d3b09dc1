"""A rehearsal answers like the stand-in, and neither charges, counts nor limits."""

import asyncio
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from leadspiders.sandbox.addresses import REHEARSAL
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from leadspiders.sandbox.server import application

MATCH = "/apollo/api/v1/people/bulk_match"
KEY = {"x-api-key": "sandbox"}


async def asked() -> tuple[list[int], list[Any], Any]:
    """Statuses and bodies of three purchases in a rehearsal and of a real one after them, and the tally in between."""
    sandbox = build(Options(people=10, companies=5))
    sandbox.limits.order({"apollo": {"people/bulk_match": [[1, 3600]]}}, list(sandbox.forecast.apis))
    body = {"details": [{"id": person.id} for person in sandbox.world.people[:5]]}
    async with TestClient(TestServer(application(sandbox))) as client:
        answers = [await client.post(f"{REHEARSAL}{MATCH}", json=body, headers=KEY) for _ in range(3)]
        told = [await answer.json() for answer in answers]
        tally = await (await client.get("/_sandbox/tally")).json()
        real = await (await client.post(MATCH, json=body, headers=KEY)).json()
    return [answer.status for answer in answers], [*told, real], tally


def test_what_is_bought_in_a_rehearsal_costs_nothing() -> None:
    statuses, bodies, tally = asyncio.run(asked())

    assert statuses == [200, 200, 200]
    assert bodies[0] == bodies[-1]
    assert not tally["credits"]
    assert not tally["calls"].get("apollo", {}).get("total")
