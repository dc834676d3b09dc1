"""Whoever steals the database or the queue finds no address and no phone there; a planted one is found."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import redis

from leadspiders.sandbox.addresses import environment
from leadspiders.sandbox.world.truth import World, grow
from leadspiders.stores.embedded import services
from leadspiders.stores.postgres.schema.columns import SEALED
from leadspiders.stores.postgres.schema.whole import metadata
from tests.conftest import VAULT, Scrapy
from tests.flow.safety.hunt import in_postgres, in_redis, spellings

CRAWL = ("crawl", "apollo", "-a", "campaign=performance_marketers", "-a", "sample=30", "-s", "DOWNLOAD_DELAY=0")
SOLD = {"contacts", "companies", "raw_records", "paid_replies"}


@pytest.fixture(scope="module")
def world() -> World:
    """The truth that the sandbox sells."""
    return grow(seed=11, people=300, companies=120)


@pytest.fixture(scope="module")
def marks(world: World) -> list[bytes]:
    """Every address and phone of it, as it may be spelled."""
    told = [trait for person in world.people for trait in (person.email, person.mailbox, person.phone) if trait]
    told += [company.phone for company in (*world.marketing, *world.employers) if company.phone]
    numbers = {"+1" + "".join(filter(str.isdigit, trait)) for trait in told if "@" not in trait}
    traits = {trait for trait in {*told, *numbers} if len(trait) > 9}  # some are broken, down to a word
    assert len(traits) > 300
    return sorted({mark for trait in traits for mark in (quote(trait, safe="").encode(), *spellings(trait))})


@pytest.fixture(scope="module")
def left(home: Any, urls: services.Urls, new_database: Callable[[], str], sandbox_url: str, make_scrapy: Any) -> Scrapy:
    """What a crawl with purchases has left."""
    stores = {"LEADS_HOME": str(home), "DATABASE_URL": new_database(), "REDIS_URL": urls.redis_url}
    scrapy: Scrapy = make_scrapy(**stores, **environment(sandbox_url))
    scrapy(*CRAWL)
    assert scrapy.status("performance_marketers")["leads"]["with_email"] > 5
    return scrapy


def test_no_address_and_no_phone_lies_in_the_stores(left: Scrapy, marks: list[bytes]) -> None:
    assert in_postgres(left.environment["DATABASE_URL"], marks) == []
    assert in_redis(left.environment["REDIS_URL"], marks) == []


def test_all_that_should_be_sealed_is_sealed(left: Scrapy) -> None:
    filled = set()
    with psycopg.connect(left.environment["DATABASE_URL"]) as connection:
        for table in metadata.sorted_tables:
            for column in (column.name for column in table.columns if SEALED in column.info):
                rows = connection.execute(f"SELECT {column} FROM {table.name} WHERE {column} IS NOT NULL").fetchall()
                filled |= {table.name for _ in rows}
                assert all(value.startswith(VAULT.newest) for (value,) in rows), (table.name, column)
    assert filled >= SOLD


@pytest.mark.parametrize("spelled", [str, lambda address: address.encode().hex()])
def test_a_planted_address_is_found(
    left: Scrapy, world: World, marks: list[bytes], spelled: Callable[[str], str]
) -> None:
    plant = spelled(world.people[0].mailbox)
    with psycopg.connect(left.environment["DATABASE_URL"]) as connection:
        connection.execute("UPDATE contacts SET seniority = %s", [f"of {plant}"])
        connection.execute("UPDATE paid_replies SET reply = %s", [base64.b64encode(world.people[1].mailbox.encode())])
        connection.commit()
    with redis.Redis.from_url(left.environment["REDIS_URL"]) as store:
        store.set("planted", plant)
        try:
            assert in_redis(left.environment["REDIS_URL"], marks) == ["redis b'planted'"]
        finally:
            store.delete("planted")
    assert set(in_postgres(left.environment["DATABASE_URL"], marks)) == {"table contacts", "table paid_replies"}
