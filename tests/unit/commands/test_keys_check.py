"""A verdict on a key is never the key, and only data is a good sign."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from leadspiders.apis.registry import APIS
from leadspiders.commands.keys_check import WORKS, check

SECRET = "a-key-that-nobody-may-see"
PROBED = [name for name, api in APIS.items() if api.probe]


class Elsewhere(BaseHTTPRequestHandler):
    """Redirects whatever is asked."""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "https://portal.example/login")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("api", PROBED)
def test_a_service_that_redirects_everything_has_taken_no_key(api: str, elsewhere: str) -> None:
    verdict = check(APIS[api], SECRET, elsewhere, user_agent="test")
    assert verdict != WORKS
    assert "302" in verdict


@pytest.mark.parametrize("api", PROBED)
@pytest.mark.parametrize(
    ("key", "address"),
    [
        (SECRET, "api.example.com"),
        (SECRET, "http://[::1"),
        ("schlüssel-λ", "http://127.0.0.1:1"),
        ("a\nb", "http://[::1]:1"),
    ],
)
def test_what_cannot_be_asked_is_told_without_the_key(api: str, key: str, address: str) -> None:
    verdict = check(APIS[api], key, address, user_agent="test")
    assert verdict.startswith("no answer: ")
    assert key not in verdict
