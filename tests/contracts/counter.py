"""Carries conversations to a sandbox whose own counts are the judge of what they cost."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import requests

from leadspiders.apis.described.description import read_description
from leadspiders.apis.described.known import api_of
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.apis.registry import APIS
from leadspiders.apis.signing import sign
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought, Jobs, Offer
from leadspiders.sandbox.addresses import ADDRESSES
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from leadspiders.sandbox.state import Sandbox
from leadspiders.sandbox.weather import Weather

T = TypeVar("T")
KEY = "team-secret-5f1c"
NOW = 1_795_000_000.0

Alter = Callable[[bytes], bytes]

FILES = Path(__file__).parents[2] / "fixtures" / "providers"
DESCRIBED = [read_description(FILES / name) for name in ("people.toml", "verdicts.toml")]
"""What `http` sells stands in files of the user; here it is what these describe."""

ALL_APIS = APIS | {one.api_name: api_of(one) for one in DESCRIBED}


class Counter:
    """Its clock goes by a second a call, and by the delays that the calls ask for."""

    def __init__(self) -> None:
        self.now = NOW
        self.sandbox: Sandbox = build(Options(seed=11, people=300, companies=60), clock=lambda: self.now)
        self.url = ""
        self.drift = Drift()

    def send(self, call: Call, key: str = KEY) -> Reply:
        self.now += call.delay + 1.0
        assert key not in repr(call)
        api = ALL_APIS[call.api]
        place = ADDRESSES.get(call.api.upper(), ADDRESSES["HTTP"])
        signed = sign(api, key, url=call.url(self.url + place), body=call.body())
        headers = call.all_headers() | signed.headers
        answer = requests.request(call.method, signed.url, data=signed.body or None, headers=headers, timeout=5)
        names = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(
            status=answer.status_code,
            url=call.url(api.base_url),
            headers=names,
            body=answer.content,
            received_at=datetime.fromtimestamp(self.now, UTC),
        )

    def hold(self, conversation: Conversation[T], key: str = KEY, alter: Alter = bytes) -> T:
        try:
            call = next(conversation)
            while True:
                reply = self.send(call, key)
                call = conversation.send(replace(reply, body=alter(reply.body)))
        except StopIteration as end:
            result: T = end.value
            return result

    def buy(self, offer: Offer, leads: Sequence[Contact], key: str = KEY, alter: Alter = bytes) -> Bought:
        """What a desk would get: the answers to a job are collected by its ticket alone."""
        got = self.hold(offer.ask(leads, self.drift), key, alter)
        if isinstance(got, Bought):
            return got
        assert isinstance(offer, Jobs)
        return self.hold(offer.collect(got, len(leads), self.drift), key, alter)

    def charged(self, api: str) -> int:
        return self.sandbox.charges.credits[api]

    def weather(self, api: str, **rates: float) -> None:
        self.sandbox.forecast.by_api = {api: Weather(**rates)}
