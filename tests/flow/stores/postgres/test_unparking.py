"""Whatever is sent ends in one place, and what was parked leaves it when it is sent again and fits."""

import random
from dataclasses import replace

import pytest

from leadspiders.stores.postgres.accounting import account
from leadspiders.stores.postgres.ledger import differences

BAD = {
    "too large": lambda one: replace(one, company=replace(one.company, founded_year=3_000_000_000)),
    "below zero": lambda one: replace(one, company=replace(one.company, employees=-1)),
    "a number for a text": lambda one: replace(one, linkedin_url=7),
    "a text for a number": lambda one: replace(one, company=replace(one.company, founded_year="long ago")),
    "a score out of range": lambda one: replace(one, scores=replace(one.scores, fit=101)),
}
ODD = {
    "NUL": lambda one: replace(one, title="PPC\0 Manager", extras={"n\0te": "a\0b"}),
    "half a pair": lambda one: replace(one, full_name=f"{one.full_name}\ud83d", extras={"note": "\udc00"}),
}


@pytest.fixture
def crawled(announce, write):
    """Send the records in parts of any size; what became of each, and whether the ledger agrees."""

    async def send(database, records, chance):
        await announce(database, len(records))
        outcomes, left = [], list(records)
        while left:
            size = chance.randint(1, 60)
            outcomes += await write(database, left[:size])
            left = left[size:]
        async with database.connection() as connection:
            return outcomes, await account(connection, "spring"), await differences(connection, "spring")

    return send


@pytest.mark.parametrize("case", [(1, 0.0), (2, 0.05), (3, 0.2)])
def test_stored_and_parked_are_what_was_sent_however_it_is_split(using, crawled, person, rows, case):
    seed, share = case
    chance = random.Random(seed)
    records, bad = [], set()
    for n in range(120):
        one = replace(person(n), company=replace(person(n).company, domain=f"own{n}.example.com", provider_key=None))
        one.company.name = f"Own {n}"
        if chance.random() < share:
            bad.add(n)
            one = BAD[chance.choice(list(BAD))](one)
        elif chance.random() < 0.1:
            one = ODD[chance.choice(list(ODD))](one)
        records.append(one)

    outcomes, came_to, differing = using(crawled, records, chance)
    assert {place for place, outcome in enumerate(outcomes) if outcome.kind == "parked"} == bad
    assert came_to.stored + sum(came_to.parked.values()) == len(records)
    assert (came_to.balanced, came_to.pending, differing) == (True, 0, [])
    assert len(rows("SELECT FROM contacts")) == len(records) - len(bad)
    kept = rows("SELECT record_index FROM parked_records WHERE payload IS NOT NULL")
    assert {row["record_index"] for row in kept} == bad


def test_what_is_sent_again_and_fits_leaves_the_parked(using, announce, write, person, rows):
    bad = replace(person(1), company=replace(person(1).company, founded_year=3_000_000_000))

    async def twice(database):
        await announce(database, 2)
        await write(database, [person(0), bad])
        await write(database, [bad])  # for the same reason: it stays
        between = rows("SELECT counts, settled FROM receipts"), len(rows("SELECT FROM parked_records"))
        other = replace(person(1), scores=replace(person(1).scores, fit=101))
        await write(database, [other])  # for another reason
        changed = rows("SELECT reason FROM parked_records")
        outcomes = await write(database, [person(1)])
        async with database.connection() as connection:
            return between, changed, outcomes, await differences(connection, "spring")

    between, changed, outcomes, differing = using(twice)
    parked = "parked:database-numeric-value-out-of-range"
    assert between == ([{"counts": {"stored": 1, parked: 1}, "settled": [0, 1]}], 1)
    assert changed == [{"reason": "database-check-violation"}]
    assert [outcome.kind for outcome in outcomes] == ["stored"]
    assert rows("SELECT counts, settled FROM receipts") == [{"counts": {"stored": 2}, "settled": [0, 1]}]
    assert not rows("SELECT FROM parked_records")
    assert differing == []
