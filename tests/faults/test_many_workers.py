"""Workers on several machines that share nothing but Postgres and Redis: the work of one, done once."""

from leadspiders.stores.embedded import services
from tests.faults.judge import judge
from tests.faults.town import PEOPLE, Town


def test_workers_of_two_hosts_share_the_work_of_one(town: Town, rounds: int) -> None:
    number = 10 if rounds else 3
    town.slow(0.3 * number if rounds else 0.4)  # the first must not be through before the last has started
    hosts = [town.home / name for name in ("one", "two")]
    workers = [town.start(home=hosts[each % 2], at_once=1) for each in range(number)]
    assert [worker.wait() for worker in workers] == [0] * number
    verdict = judge(town)
    assert verdict.holds(), verdict
    assert verdict.unknown == 0
    assert verdict.searches == -(-verdict.served // 10)  # each page once
    shares = [share for (share,) in town.rows("SELECT records_processed FROM scraping_logs")]
    assert len(shares) == number
    assert sum(shares) == verdict.served > PEOPLE
    assert sum(share > 0 for share in shares) > number // 2
    assert not any(services.state(host)[0].pid for host in hosts)  # they started no services of their own
