"""Redis is killed in the middle of a crawl: it comes back with its data, or with nothing."""

import json
import shlex
import shutil
import signal

from redis import Redis

from leadspiders.stores.embedded.valkey import FOLDER as VALKEY
from leadspiders.stores.redis.frontier_scripts import LEASE, PUSH
from tests.faults.judge import judge
from tests.faults.proxy import Trap
from tests.faults.test_killed_workers import script
from tests.faults.town import CAMPAIGN, Town, until


def test_a_redis_that_comes_back_with_its_data_is_waited_for_and_what_was_put_there_runs_nothing(town: Town) -> None:
    poison(town)
    town.slow(0.1)
    worker = town.start()
    until(lambda: town.settled() > 30)
    town.strike(VALKEY, signal.SIGKILL)
    town.urls()
    assert worker.wait() == 0
    verdict = judge(town)
    assert verdict.holds(), verdict
    assert not (town.home / "owned").exists()
    assert town.rows("SELECT count(*) FROM parked_records WHERE stage = 'source'") == [(4,)]


def poison(town: Town) -> None:
    """Four payloads that no worker wrote, ahead of all others: a pickle, broken JSON, a private method, a surprise."""
    payloads = {
        b"p" * 16: b"cos\nsystem\n(S'touch " + str(town.home / "owned").encode() + b"'\ntR.",
        b"j" * 16: b"{",
        b"c" * 16: json.dumps({"url": town.sandbox, "callback": "close"}).encode(),
        b"u" * 16: json.dumps({"url": town.sandbox, "callback": "parse", "surprise": 1}).encode(),
    }
    prefix = f"{{leads:{town.run_id}}}:apollo"
    with Redis.from_url(town.urls().redis_url) as client:
        for number, (name, payload) in enumerate(payloads.items()):
            client.hset(f"{prefix}:data", name, b"0|%d|" % number + payload)
            client.zadd(f"{prefix}:ready", {b"%016d" % number + name: 0})


def test_a_redis_that_comes_back_empty_is_rebuilt_from_postgres(town: Town) -> None:
    # The trip after the one that enqueued the pages: some are leased by then, and most are not.
    trap = Trap((script(PUSH), script(PUSH), script(LEASE)), lambda: empty(town))
    worker = town.start(at_once=4, queue=[trap])
    assert worker.wait() == 1
    assert trap.sprung.is_set()
    before = judge(town)
    assert 0 < before.seen < before.served

    repaired = json.loads(town.scrapy("ledger", CAMPAIGN, "--repair", "--json"))
    (command,) = (shlex.split(line) for line in repaired["repaired"])
    assert command[:3] == ["scrapy", "crawl", "apollo"]
    assert f"run_id={town.run_id}" in command
    town.finish()
    verdict = judge(town)
    assert verdict.holds(), verdict
    # The first page, which names the others, and those that nobody had answered; not what was done.
    assert verdict.searches - before.searches == 1 + repaired["requests"]["unanswered"]["nowhere"]


def empty(town: Town) -> None:
    """Redis is killed and starts again without its data."""
    town.strike(VALKEY, signal.SIGKILL)
    shutil.rmtree(town.folder(VALKEY) / "data" / "appendonlydir")
    town.urls()
