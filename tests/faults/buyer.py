"""A worker that does nothing but buy, in a process of its own: `python -m tests.faults.buyer ORDER`.

The order is a JSON object; what became of it goes to standard output. It buys from the sandbox through the desk and the
gate that a crawl buys through, from several tasks at a time: matches, or what jobs are handed in for.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.apis.registry import APIS
from leadspiders.apis.signing import sign
from leadspiders.campaigns.loader import load
from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.prices import load_prices
from leadspiders.guard.lost_charges import LostCharges
from leadspiders.guard.spend_gate import Sending, SpendGate
from leadspiders.items.contact import Contact
from leadspiders.providers.apollo import Match
from leadspiders.providers.dropcontact import Enrichment
from leadspiders.providers.neverbounce import Verdict
from leadspiders.providers.provider import Offer
from leadspiders.providers.purchase import Answer, Desk
from leadspiders.stores.postgres import spend
from leadspiders.stores.postgres.pool import Database
from tests.conftest import VAULT

T = TypeVar("T")
CALL_SECONDS = 20
LONGEST_DELAY = 0.05
ACCOUNT = "apollo-1"
OFFERS: dict[str, tuple[Offer, Callable[[str], Contact]]] = {
    "match": (Match(), lambda id_: Contact(provider_key=f"apollo:{id_}")),
    "verdict": (Verdict(), lambda address: Contact(email=address)),
    "enrichment": (Enrichment(), lambda address: Contact(email=address)),
}
"""What may be bought, and of whom an id of an errand speaks."""


class Line:
    """Calls to the sandbox, one thread each."""

    def __init__(self, sandbox: str) -> None:
        self._sandbox = sandbox

    async def hold(self, conversation: Conversation[T], sending: Sending | None = None) -> T:
        try:
            call = next(conversation)
            while True:
                if sending and call.credits:
                    await sending(ACCOUNT)
                await asyncio.sleep(min(call.delay, LONGEST_DELAY))
                call = conversation.send(await asyncio.to_thread(self._send, call))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def _send(self, call: Call) -> Reply:
        signed = sign(APIS[call.api], "sandbox", url=call.url(f"{self._sandbox}/{call.api}"), body=call.body())
        headers = call.all_headers() | signed.headers
        request = Request(signed.url, data=signed.body or None, headers=headers, method=call.method)
        try:
            with urlopen(request, timeout=CALL_SECONDS) as answer:
                return Reply(status=answer.status, url=answer.url, body=answer.read(), received_at=datetime.now(UTC))
        except HTTPError as error:
            return Reply(status=error.code, url=call.path, body=error.read(), received_at=datetime.now(UTC))


def campaign(name: str, ambiguous: str, budget: dict[str, Any]) -> Campaign:
    """The bundled campaign, at a dollar a credit, with these caps."""
    whole = load("performance_marketers")
    roomy = dict.fromkeys(("cap_usd", "per_run_usd", "per_day_usd", "per_lead_usd", "per_call_usd"), 1000.0)
    terms = (
        roomy | {"credits": {}, "usd_per_credit": dict.fromkeys(("apollo", "neverbounce", "dropcontact"), 1.0)} | budget
    )
    return whole.model_copy(
        update={
            "name": name,
            "budget": whole.budget.model_copy(update=terms),
            "providers": whole.providers.model_copy(update={"ambiguous": ambiguous}),
        }
    )


async def shop(database: Database, order: dict[str, Any], errand: dict[str, Any]) -> Counter[str]:
    """Buy every person of an errand, in an order of this worker's own, from `tasks` tasks."""
    line = Line(order["sandbox"])
    lost = LostCharges(database, hold=line.hold, account=lambda _: ACCOUNT, quiet=0.0, between=0.0)
    gate = SpendGate(
        database,
        campaign=campaign(errand["campaign"], order["ambiguous"], errand.get("budget", {})),
        run_id=order["run_id"],
        prices=load_prices(),
        lost=lost,
        patience=order["patience"],
    )
    offer, lead = OFFERS[errand.get("offer", "match")]
    desk = Desk(offer, gate=gate, fact_hash=lambda fact: fact, hold=line.hold, drift=Drift())
    ids = list(errand["ids"])
    Random(order["seed"]).shuffle(ids)
    batches = [ids[place : place + order["batch"]] for place in range(0, len(ids), order["batch"])]
    outcome: Counter[str] = Counter()

    async def task(mine: Sequence[list[str]]) -> None:
        for batch in mine:
            for answer in await desk.buy([lead(id_) for id_ in batch]):
                outcome[word(answer)] += 1

    await asyncio.gather(*(task(batches[place :: order["tasks"]]) for place in range(order["tasks"])))
    return outcome


def word(answer: Answer) -> str:
    """What an answer counts as."""
    return answer.refused or ("found" if answer.contact else "nobody")


async def main(order: dict[str, Any]) -> dict[str, Any]:
    """All errands, one after the other."""
    database = Database(order["database"], patience=10, vault=VAULT)
    try:
        if order.get("expire"):
            for errand in order["errands"]:
                await spend.expire(database, errand["campaign"], older_than_seconds=0)
        return {errand["campaign"]: await shop(database, order, errand) for errand in order["errands"]}
    finally:
        await database.close()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.loads(sys.argv[1])))))
