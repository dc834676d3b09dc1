"""A server that tries what a hostile or broken service could: it notes what it is sent, and answers by the path."""

import gzip
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MEGABYTE = 2**20
BOMB = gzip.compress(b"\0" * 100 * MEGABYTE, compresslevel=6)
BODY = b"a body that no log may hold"


class Hostile(ThreadingHTTPServer):
    """`seen` holds method, path and headers of every request; `elsewhere` is where it redirects to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.elsewhere = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Quiet: a client that hangs up is what the tests want."""

    def headers_of(self, path: str) -> list[dict[str, str]]:
        """Headers of the requests to a path, names in lower case."""
        return [headers for _, seen, headers in self.seen if seen.partition("?")[0] == path]


class Answers(BaseHTTPRequestHandler):
    """One answer a path."""

    protocol_version = "HTTP/1.1"
    server: Hostile

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        getattr(self, "answer_" + self.path.partition("?")[0].strip("/").replace("-", "_"), self.answer_plain)()

    do_POST = do_GET  # noqa: N815  the names that http.server looks for

    def answer_plain(self) -> None:
        self._send(200, BODY)

    def answer_echo(self) -> None:
        self._send(
            401, json.dumps({"refused": dict(self.headers.items()), "url": self.path}).encode(), x_echo=self.path
        )

    def answer_away(self) -> None:
        self._send(302, b"", location=f"{self.server.elsewhere}/landed", set_cookie="session=1; Path=/")

    def answer_away_with_body(self) -> None:
        self._send(307, b"", location=f"{self.server.elsewhere}/landed-with-body")

    def answer_refresh(self) -> None:
        page = (
            f'<html><head><meta http-equiv="refresh" content="0;url={self.server.elsewhere}/refreshed"></head></html>'
        )
        self._send(200, page.encode(), content_type="text/html")

    def answer_cookie(self) -> None:
        self._send(200, BODY, set_cookie="session=1; Path=/")

    def answer_large(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(65 * MEGABYTE))
        self.end_headers()
        self._stop()

    def answer_endless(self) -> None:
        """Chunks that no header announces."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        chunk = b"%x\r\n%s\r\n" % (MEGABYTE, b" " * MEGABYTE)
        try:
            for _ in range(12):
                self.wfile.write(chunk)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self._stop()

    def answer_bomb(self) -> None:
        self._send(200, BOMB, content_encoding="gzip")

    def answer_silent(self) -> None:
        self._stop()

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stop(self) -> None:
        self.close_connection = True

    def log_message(self, *words: object) -> None:
        """Quiet."""


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[Hostile]:
    """A server in a thread; with a certificate nobody vouches for if one is given."""
    server = Hostile()
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = folder / "server.pem"
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return path
