"""Replies as the services give them, and the recorded bodies."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadspiders.apis.http import Reply

PAYLOADS = Path(__file__).parents[3] / "fixtures" / "payloads"
NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)

MakeReply = Callable[..., Reply]


@pytest.fixture
def reply() -> MakeReply:
    """`reply(body, status=200, **headers)`: text, bytes, or data that is sent as JSON."""

    def make(body: Any = b"", status: int = 200, url: str = "https://api.example.com/x", **headers: str) -> Reply:
        if isinstance(body, str):
            body = body.encode()
        elif not isinstance(body, bytes):
            body = json.dumps(body).encode()
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return Reply(status=status, url=url, headers=names, body=body, received_at=NOW)

    return make


@pytest.fixture
def payload() -> Callable[[str], bytes]:
    """`payload("apollo/people.json")`: the bytes of a recorded body."""
    return lambda name: (PAYLOADS / name).read_bytes()
