from datetime import UTC, date, datetime, timedelta

import pytest

from leadspiders.stores.postgres import runs, watermarks
from leadspiders.stores.postgres.closed_sources import close_source, closed_source

NAME = {"source": "samgov", "question": "all of Ohio"}
FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 8)


async def read(database, run_id, today, *, complete=True, gaps=0):
    since = await watermarks.begin(database, run_id=run_id, today=today, **NAME)
    await watermarks.end(database, run_id=run_id, today=today, complete=complete, gaps=gaps, **NAME)
    return since


def test_the_day_on_which_the_last_complete_run_began(using):
    async def work(database):
        begun = [await read(database, "one", FIRST), await read(database, "two", SECOND)]
        return [*begun, await watermarks.begin(database, run_id="three", today=SECOND, **NAME)]

    assert using(work) == [None, FIRST, SECOND]


@pytest.mark.parametrize("ending", [{"complete": False}, {"gaps": 1}])
def test_what_was_not_read_whole_does_not_count(using, ending):
    async def work(database):
        await read(database, "one", FIRST, **ending)
        return await watermarks.begin(database, run_id="two", today=SECOND, **NAME)

    assert using(work) is None


def test_one_worker_that_is_done_completes_the_run_but_the_gap_of_another_stays(using):
    async def work(database):
        await read(database, "one", FIRST, complete=False)
        await read(database, "one", SECOND)
        complete = await watermarks.begin(database, run_id="two", today=SECOND, **NAME)
        await read(database, "one", SECOND, complete=False, gaps=1)
        return complete, await watermarks.begin(database, run_id="three", today=SECOND, **NAME)

    assert using(work) == (FIRST, None)


def test_a_worker_that_died_with_errors_may_have_left_a_gap(using):
    async def work(database):
        log = await runs.open_log(database, run_id="one", campaign="spring", source="samgov")
        await read(database, "one", FIRST)
        await runs.beat(database, log, records=1, errors=1)
        return await watermarks.begin(database, run_id="two", today=SECOND, **NAME)

    assert using(work) is None


def test_all_workers_of_a_run_are_told_the_same(using):
    async def work(database):
        first = await watermarks.begin(database, run_id="two", today=SECOND, **NAME)
        await read(database, "one", FIRST)
        return first, await watermarks.begin(database, run_id="two", today=SECOND, **NAME)

    assert using(work) == (None, None)


def test_everything_again_and_another_question(using):
    async def work(database):
        await read(database, "one", FIRST)
        return (
            await watermarks.begin(database, run_id="two", today=SECOND, again=True, **NAME),
            await watermarks.begin(database, run_id="two", today=SECOND, source="samgov", question="all of Texas"),
        )

    assert using(work) == (None, None)


def test_files_that_were_read_to_the_end(using):
    async def work(database):
        for file, gaps in (("october.zip", 0), ("november.zip", 1)):
            await watermarks.end(database, run_id="one", today=FIRST, complete=True, gaps=gaps, file=file, **NAME)
        return await watermarks.files_read(database, **NAME)

    assert using(work) == {"october.zip"}


def test_a_source_is_closed_to_one_credential_until_then(using):
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)

    async def work(database):
        await close_source(database, "sam_gov", b"mine", until=later, reason="the quota is used up")
        await close_source(database, "sam_gov", b"mine", until=later - timedelta(hours=1), reason="again")
        await close_source(database, "apollo", b"mine", until=later - timedelta(hours=3), reason="long ago")
        return [
            await closed_source(database, "sam_gov", b"mine"),
            await closed_source(database, "sam_gov", b"another"),
            await closed_source(database, "apollo", b"mine"),
        ]

    assert using(work) == [(later, "again"), None, None]
