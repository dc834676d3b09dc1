"""Money under fire: workers that race for the last credits, and workers that are killed at every step of a purchase.

The sandbox's till is the judge: what it charged, and whether it charged anything twice.
"""

import json
import subprocess
import sys
from itertools import count
from typing import Any

import pytest

from leadspiders.sandbox.world import mailboxes
from leadspiders.sandbox.world.truth import grow
from tests.faults.proxy import Trap
from tests.faults.town import COMPANIES, PEOPLE, ROOT, SEED, Town, until

SECONDS = 120
ROOM = 17
CAPS: dict[str, dict[str, Any]] = {
    "campaign": {"cap_usd": ROOM},
    "run": {"per_run_usd": ROOM},
    "day": {"per_day_usd": ROOM},
    "provider": {"per_provider_usd": {"apollo": ROOM}},
    "credits": {"credits": {"apollo": ROOM}},
}
Point = tuple[tuple[bytes, ...], bool]
"""What the worker says to Postgres when it dies, and whether Postgres still hears the last word."""
INTENT, TAKEN, REPLY = b"INSERT INTO spend (", b"INSERT INTO spend_totals", b"INSERT INTO paid_replies"
SENT, TICKET = b"UPDATE spend SET sent_at", b"UPDATE spend SET ticket"
STEPS: dict[str, Point] = {
    "before the intent": ((INTENT,), False),
    "between the intent and the money": ((TAKEN,), False),
    "before the reservation is committed": ((TAKEN, b"COMMIT"), False),
    "between the reservation and its turn": ((TAKEN, b"COMMIT"), True),
    "before the turn is committed": ((SENT, b"COMMIT"), False),
    "between the turn and the call": ((SENT, b"COMMIT"), True),
    "between the charge and its reply": ((REPLY,), False),
    "before the reply is committed": ((REPLY, b"COMMIT"), False),
    "between the commit and the use": ((REPLY, b"COMMIT"), True),
}
HANDED_IN: dict[str, Point] = {
    "between the job and its ticket": ((TICKET,), False),
    "between the ticket and the answers": ((TICKET, b"COMMIT"), True),
    "between the answers and their use": ((REPLY,), False),
}
CHARGED_FOR_NOTHING = ("between the charge and its reply", "before the reply is committed")
seeds = count(1)


def people() -> list[str]:
    """Everybody whom a match finds: each costs a credit."""
    return [person.id for person in grow(SEED, PEOPLE, COMPANIES).people if person.matched]


def addresses() -> list[str]:
    """Mailboxes that read what they get."""
    return [one.mailbox for one in grow(SEED, PEOPLE, COMPANIES).people if mailboxes.reads_mail(one)]


def order(town: Town, errands: list[dict[str, Any]], *traps: Trap, **more: Any) -> "subprocess.Popen[str]":
    """A worker that buys."""
    wanted = {
        "database": town.surroundings(database=list(traps))["DATABASE_URL"],
        "sandbox": town.sandbox,
        "run_id": town.run_id,
        "ambiguous": "never",
        "patience": 2.0,
        "tasks": 1,
        "batch": 10,
        "seed": next(seeds),
        "errands": errands,
    }
    words = [sys.executable, "-m", "tests.faults.buyer", json.dumps(wanted | more)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(worker: "subprocess.Popen[str]") -> dict[str, dict[str, int]]:
    """What became of its errands."""
    out, complaints = worker.communicate(timeout=SECONDS)
    assert worker.returncode == 0, complaints[-4000:]
    found: dict[str, dict[str, int]] = json.loads(out)
    return found


def killed(town: Town, errands: dict[str, dict[str, Any]], **more: Any) -> set[str]:
    """Start a worker for each of these steps and kill it there; the steps that were come to."""
    steps = STEPS | HANDED_IN
    traps = {step: Trap(steps[step][0], answer=steps[step][1]) for step in errands}
    workers = {}
    for step, trap in traps.items():
        workers[step] = order(town, [errands[step]], trap, **more)
        trap.strike = workers[step].kill
    for step, worker in workers.items():
        until(lambda at=traps[step], one=worker: at.sprung.is_set() or one.poll() is not None)
        worker.communicate(timeout=SECONDS)
    return {step for step, trap in traps.items() if trap.sprung.is_set()}


def till(town: Town, provider: str = "apollo") -> tuple[int, int]:
    """Credits that the sandbox charged, and how many of them for what it had sold before."""
    tally = town.ask("/_sandbox/tally")
    return tally["credits"].get(provider, 0), tally["charged_twice"].get(provider, 0)


def counted(town: Town) -> int:
    """Credits that our ledger says were spent."""
    return int(town.rows("SELECT coalesce(sum(credits), 0) FROM spend WHERE state <> 'void'")[0][0])


def test_many_who_race_for_the_last_credits_never_pass_a_cap(town: Town, rounds: int) -> None:
    """4 processes with 5 tasks each; in the long form 20 processes."""
    wanted = people()
    share = len(wanted) // len(CAPS)
    errands = [
        {"campaign": f"race_{name}", "ids": wanted[place * share : (place + 1) * share], "budget": budget}
        for place, (name, budget) in enumerate(CAPS.items())
    ]
    workers = [order(town, errands, tasks=5, batch=3, patience=10.0) for _ in range(20 if rounds else 4)]
    outcomes = [ended(worker) for worker in workers]
    spent = dict(town.rows("SELECT campaign, sum(credits)::int FROM spend WHERE state <> 'void' GROUP BY campaign"))
    assert share > ROOM
    assert spent == {errand["campaign"]: ROOM for errand in errands}  # to the last credit, and not one more
    assert till(town) == (ROOM * len(CAPS), 0)
    reasons = {reason for outcome in outcomes for words in outcome.values() for reason in words}
    assert reasons == {"found", "campaign-cap", "run-cap", "day-cap", "provider-cap", "credit-cap"}


def test_a_worker_killed_at_any_step_never_pays_twice_nor_forgets_what_it_paid(town: Town) -> None:
    errand = {"campaign": "performance_marketers", "ids": people()[: 20 * len(STEPS)]}
    errands = {step: errand | {"ids": errand["ids"][20 * place :][:20]} for place, step in enumerate(STEPS)}
    assert killed(town, errands) == set(STEPS)
    (after,) = ended(order(town, [errand], expire=True, tasks=2)).values()
    # Ten were about to be asked for and never were; the answers about twenty are lost. All thirty count as spent.
    assert after == {"found": len(errand["ids"]) - 30, "charge-unknown": 30}
    assert till(town) == (len(errand["ids"]) - 10, 0)
    assert counted(town) == len(errand["ids"])
    assert json.loads(town.scrapy("spend", "performance_marketers", "--json"))["balanced"]


def test_the_answers_to_a_job_are_had_though_whoever_handed_it_in_was_killed(town: Town) -> None:
    """Two have their tickets, and one was killed before it could note it."""
    lists = {step: addresses()[15 * place :][:15] for place, step in enumerate(HANDED_IN)}
    unnoted, collected, unused = HANDED_IN
    errand = {"campaign": "performance_marketers", "offer": "verdict"}
    errands: dict[str, dict[str, Any]] = {step: errand | {"ids": lists[step]} for step in HANDED_IN}
    errands[unused] |= {"campaign": "dpc_employers", "offer": "enrichment"}
    assert killed(town, errands, batch=15) == set(HANDED_IN)
    assert town.rows("SELECT count(*), count(ticket) FROM spend WHERE state = 'reserved'") == [(45, 30)]
    verdicts = errands[collected] | {"ids": lists[unnoted] + lists[collected]}
    after = ended(order(town, [verdicts, errands[unused]], expire=True, batch=7, tasks=2))
    assert after == {
        "performance_marketers": {"found": 15, "charge-unknown": 15},
        "dpc_employers": {"found": 15},
    }
    tills = [till(town, provider) for provider in ("neverbounce", "dropcontact")]
    assert [twice for _, twice in tills] == [0, 0]
    assert sum(charged for charged, _ in tills) == counted(town)
    assert all(charged > 0 for charged, _ in tills)


def test_what_was_to_be_asked_and_never_was_is_bought_after_a_look_at_the_counter(town: Town) -> None:
    errand = {"campaign": "performance_marketers", "ids": people()[:60]}
    policy = {"ambiguous": "after_usage_check"}
    step = "between the turn and the call"
    assert killed(town, {step: errand | {"ids": errand["ids"][:30]}}, **policy) == {step}
    ended(order(town, [errand | {"ids": errand["ids"][30:]}], **policy))
    (after,) = ended(order(town, [errand], expire=True, **policy)).values()
    assert after == {"found": 60}
    assert till(town) == (60, 0)
    assert counted(town) == 60


@pytest.mark.parametrize("step", CHARGED_FOR_NOTHING)
def test_what_was_charged_in_vain_is_not_bought_after_a_look_at_the_counter(town: Town, rounds: int, step: str) -> None:
    if not rounds:
        pytest.skip("long form only: --chaos N")
    errand = {"campaign": "performance_marketers", "ids": people()[:60]}
    policy = {"ambiguous": "after_usage_check"}
    assert killed(town, {step: errand}, **policy) == {step}
    (after,) = ended(order(town, [errand], expire=True, **policy)).values()
    assert after == {"found": 50, "charge-unknown": 10}
    assert till(town) == (60, 0)
