"""Plays a cassette, or records it anew: from the sandbox, or from the real service."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest
import requests
from betamax import Betamax
from requests.adapters import HTTPAdapter

from leadspiders.apis.registry import APIS
from leadspiders.apis.sam_gov.extract import POLL_SECONDS
from leadspiders.sandbox.addresses import ADDRESSES
from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from tests.cassettes.driver import NOW, Driver
from tests.cassettes.tape import MATCH_ON, Legible

CASSETTES = Path(__file__).parents[2] / "fixtures" / "cassettes"
WORLD = Options(seed=11, people=60, companies=150)
MARK = "never-on-tape"
"""Part of every key that is used against the sandbox: no cassette may hold it."""

MOST_LIVE_CALLS = 20
HEADERS = {"User-Agent": "leadspiders", "Accept-Encoding": "identity"}  # packed, a body could hide a key

Source = Literal["cassette", "sandbox", "service"]
Account = Literal["good", "invalid", "nomaster", "small"]
"""Words the sandbox finds in a key: a wrong key, one without master rights, one of the smallest plan."""


class Detour(HTTPAdapter):
    """Takes what is meant for a real service to its stand-in; nobody above the adapter notices."""

    def __init__(self, sandbox_url: str) -> None:
        super().__init__()
        self.sandbox_url = sandbox_url

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send a copy there; the response says that it came from where it was asked."""
        asked = str(request.url)
        api = next(api for api in APIS.values() if asked.startswith(api.base_url + "/"))
        copy = request.copy()
        copy.url = self.sandbox_url + ADDRESSES[api.name.upper()] + asked.removeprefix(api.base_url)
        response = super().send(copy, *args, **options)
        response.url, response.request = asked, request
        return response


class Metered(HTTPAdapter):
    """Ends a live recording that would hold more than a cassette should, or use up a quota."""

    calls = 0

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send it, if it is one of the first twenty."""
        self.calls += 1
        if self.calls > MOST_LIVE_CALLS:
            pytest.fail(f"more than {MOST_LIVE_CALLS} calls: ask for less (fixtures/cassettes/campaign.toml, the test)")
        return super().send(request, *args, **options)


@dataclass(frozen=True, slots=True)
class Deck:
    """Where replies come from, and the folder of the cassettes."""

    source: Source = "cassette"
    folder: Path = CASSETTES

    @contextmanager
    def play(self, name: str, account: Account = "good") -> Iterator[Driver]:
        """A driver over the cassette `<api>/<name>`.

        A replay fails on a request that is not in the cassette, and when one that is in it was not made. A recording
        takes the place of the cassette when it has come to its end.
        """
        if self.source == "cassette":
            with self._replayed(name, f"{account}-{MARK}") as driver:
                yield driver
            return
        with TemporaryDirectory() as fresh:
            path = Path(fresh, f"{name}.json")
            path.parent.mkdir()
            source = sandbox(account) if self.source == "sandbox" else service(name, account)
            with source as driver, betamax(driver.session, Path(fresh), name, driver.key, "once"):
                yield driver
            (self.folder / f"{name}.json").parent.mkdir(parents=True, exist_ok=True)
            (self.folder / f"{name}.json").write_bytes(path.read_bytes())

    @contextmanager
    def _replayed(self, name: str, key: str) -> Iterator[Driver]:
        if not (self.folder / f"{name}.json").exists():
            raise FileNotFoundError(f"there is no cassette {name}: record it (fixtures/cassettes/README.md)")
        with session() as silent, betamax(silent, self.folder, name, key, "none") as tape:
            cassette = tape.current_cassette
            yield Driver(session=silent, key=key)
            left = [one.data["request"]["uri"] for one in cassette.interactions if not one.used]
            assert not left, f"{name} holds requests that nobody makes: {left}"


def betamax(over: requests.Session, folder: Path, name: str, key: str, record: Literal["none", "once"]) -> Betamax:
    """A session that plays or records a cassette, with a placeholder where the key stands."""
    key_name = APIS[name.partition("/")[0]].key_name
    return Betamax(over, cassette_library_dir=str(folder)).use_cassette(
        name,
        record=record,
        serialize_with=Legible.name,
        match_requests_on=MATCH_ON,
        preserve_exact_body_bytes=True,  # `tape.legible` makes text of what is text
        placeholders=[{"placeholder": placeholder(key_name), "replace": key}] if key and key_name else [],
    )


@contextmanager
def sandbox(account: Account) -> Iterator[Driver]:
    """A driver to a sandbox of its own, whose clock goes by the delays of the calls."""
    clock = [NOW.timestamp()]

    def pause(seconds: float) -> None:
        clock[0] += seconds

    with serving(build(WORLD, clock=lambda: clock[0])) as url, session() as recorded, session() as off_record:
        for one in (recorded, off_record):
            one.mount("https://", Detour(url))
        yield Driver(session=recorded, key=f"{account}-{MARK}", off_record=off_record, pause=pause)


@contextmanager
def service(name: str, account: Account) -> Iterator[Driver]:
    """A driver to the real service, with the key of the environment."""
    api = APIS[name.partition("/")[0]]
    key = real_key(api.key_name, account, required=api.key_required)
    with session() as live:
        live.mount("https://", Metered())
        # Nothing but the poll of an extract has a delay, and the service takes minutes to build one.
        yield Driver(session=live, key=key, pause=lambda delay: time.sleep(delay and POLL_SECONDS))


def session() -> requests.Session:
    """A session that knows nothing of proxies and .netrc files."""
    fresh = requests.Session()
    fresh.trust_env = False
    fresh.headers = requests.structures.CaseInsensitiveDict(HEADERS)
    return fresh


def placeholder(key_name: str) -> str:
    """What stands for a key in a cassette."""
    return f"<{key_name}>"


def real_key(key_name: str, account: Account, *, required: bool) -> str:
    """The key of the environment, or one that no service knows; skips what a real service cannot be brought to."""
    if account == "invalid":
        return "00000000-invalid-0000"
    if account != "good":
        pytest.skip(f"only the sandbox has an account that is {account}")
    key = os.environ.get(key_name, "") if key_name else ""
    if required and not key:
        pytest.skip(f"set {key_name} to record from the service")
    return key
