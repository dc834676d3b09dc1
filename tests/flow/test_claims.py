import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import uuid4

from redis.asyncio import Redis

from leadspiders.stores.embedded.services import Urls
from leadspiders.stores.redis.claims import Claim, Claims

T = TypeVar("T")


def _with_claims(urls: Urls, work: Callable[[Claims], Awaitable[T]]) -> T:
    async def main() -> T:
        async with Redis.from_url(urls.redis_url) as redis:
            return await work(Claims(redis, prefix=f"{{test:{uuid4().hex}}}:"))

    return asyncio.run(main())


def test_a_second_claim_on_any_key_waits_until_the_first_is_released(urls: Urls) -> None:
    first, second = Claim("one", ("a", "b")), Claim("two", ("b", "c"))

    async def work(claims: Claims) -> list[list[bool]]:
        seen = [await claims.take([first]), await claims.take([second])]
        await claims.release([first])
        return [*seen, await claims.take([second])]

    assert _with_claims(urls, work) == [[True], [False], [True]]


def test_a_refused_claim_holds_none_of_its_keys(urls: Urls) -> None:
    async def work(claims: Claims) -> list[bool]:
        await claims.take([Claim("one", ("a",))])
        await claims.take([Claim("two", ("b", "a"))])
        return await claims.take([Claim("three", ("b",))])

    assert _with_claims(urls, work) == [True]


def test_twins_in_one_call_are_told_apart(urls: Urls) -> None:
    async def work(claims: Claims) -> list[bool]:
        return await claims.take([Claim("one", ("a",)), Claim("two", ("a",)), Claim("three", ("b",))])

    assert _with_claims(urls, work) == [True, False, True]


def test_nobody_releases_what_another_holds(urls: Urls) -> None:
    async def work(claims: Claims) -> list[bool]:
        await claims.take([Claim("one", ("a",))])
        await claims.release([Claim("two", ("a",))])
        return await claims.take([Claim("three", ("a",))])

    assert _with_claims(urls, work) == [False]
