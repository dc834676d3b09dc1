"""Carries the few calls of a plan: those that cost nothing, through its door; and the purchases of a rehearsal."""

from collections.abc import Mapping
from datetime import UTC, datetime

from aiohttp import ClientSession

from leadspiders.apis.http import Call, Reply
from leadspiders.apis.registry import APIS
from leadspiders.apis.signing import sign
from leadspiders.errors import ArgumentError
from leadspiders.ops.plan_door import PlanDoor


class Ask:
    """What costs nothing, at the addresses of the run. `keys` are its credentials, by API."""

    def __init__(self, session: ClientSession, door: PlanDoor, keys: Mapping[str, str]) -> None:
        self._session = session
        self._door = door
        self._keys = keys

    def may(self, api: str) -> bool:
        """Whether the API can be asked: it needs no key, or there is one."""
        return api in self._keys or not APIS[api].key_required

    async def send(self, call: Call) -> Reply:
        """The reply, once the pace allows the call. Raises `ArgumentError` for one that would cost, `ApiError` where it
        would have to wait too long, `OSError`."""
        if call.credits:
            raise ArgumentError(f"a plan buys nothing, and {call.purpose} costs: a fault of the plan, report it")
        return await self._door.send(self._session, call)


class Rehearsing:
    """What is played at the addresses of a rehearsal, `urls`, where nothing is paced, noted or charged."""

    def __init__(self, session: ClientSession, urls: Mapping[str, str], keys: Mapping[str, str]) -> None:
        self._session = session
        self._urls = urls
        self._keys = keys

    def url(self, api: str) -> str:
        """Where the API is; blank for one that nobody knows."""
        return self._urls.get(api, "")

    async def send(self, call: Call) -> Reply:
        """The reply; the call's delay is not waited for. Raises `OSError`."""
        api = APIS[call.api]
        url, body, headers = call.url(self._urls[call.api]), call.body(), call.all_headers()
        if key := self._keys.get(call.api):
            signed = sign(api, key, url=url, body=body)
            url, body, headers = signed.url, signed.body, headers | signed.headers
        async with self._session.request(
            call.method, url, data=body or None, headers=headers, allow_redirects=False
        ) as answer:
            return Reply(
                status=answer.status,
                url=call.url(self._urls[call.api]),
                headers={name.lower(): value for name, value in answer.headers.items()},
                body=await answer.read(),
                received_at=datetime.now(UTC),
            )
