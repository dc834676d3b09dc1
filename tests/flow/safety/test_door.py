"""What a hostile service gets out of a crawl with our settings: nothing. And these tests would notice otherwise."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.flow.safety.hostile import BODY, Hostile, self_signed, serving
from tests.flow.safety.visitor import SECRETS

ROOT = Path(__file__).parents[3]
TURNED = {
    "DOWNLOAD_VERIFY_CERTIFICATES": False,
    "DOWNLOAD_MAXSIZE": 0,
    "COOKIES_ENABLED": True,
    "REFERER_ENABLED": True,
    "METAREFRESH_ENABLED": True,
    "TELNETCONSOLE_ENABLED": True,
    "TELNETCONSOLE_PORT": [0, 0],
    "REMOTE_CONTROL_ENABLED": True,
    "DOWNLOAD_HANDLERS": {},
    "DOWNLOADER_MIDDLEWARES": {},
    "SPIDER_MIDDLEWARES": {},
    "EXTENSIONS": {"scrapy.extensions.telnet.TelnetConsole": 0, "scrapy.extensions.remote_control.RemoteControl": 0},
}
"""As Scrapy has them."""
KEYS = [key for ring in SECRETS.values() for key in ring]


@dataclass(frozen=True)
class Visit:
    """What the visitor told, what it logged, and what the two servers saw."""

    told: dict[str, dict[str, Any]]
    log: str
    here: Hostile
    elsewhere: Hostile

    def error(self, name: str) -> str:
        return str(self.told[name].get("error", ""))


def _visited(folder: Path, settings: str) -> Visit:
    with serving() as here, serving() as elsewhere, serving(self_signed(folder)) as secure:
        here.elsewhere = elsewhere.url
        done = subprocess.run(
            [
                *(sys.executable, str(Path(__file__).with_name("visitor.py"))),
                *(here.url, secure.url.replace("http:", "https:"), settings),
            ],
            env={
                "PATH": os.environ["PATH"],
                "LEADS_HOME": str(folder),
                "SCRAPY_SETTINGS_MODULE": "leadspiders.settings",
            }
            | {"PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-4000:]
    return Visit(json.loads(done.stdout.splitlines()[-1]), done.stderr, here, elsewhere)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    return _visited(tmp_path_factory.mktemp("ours"), "{}")


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    return _visited(tmp_path_factory.mktemp("turned"), json.dumps(TURNED))


def test_a_certificate_that_nobody_vouches_for_is_refused(ours: Visit, turned: Visit) -> None:
    assert ours.error("self-signed")
    assert ours.error("self-signed-to-disk")
    assert turned.told["self-signed"]["status"] == 200


def test_only_http_leaves_the_house(ours: Visit, turned: Visit) -> None:
    assert {ours.error(name) for name in ("data", "ftp", "s3")} == {"NotSupported"}
    assert turned.told["data"]["body"] == "hello"
    assert turned.error("ftp") != "NotSupported"  # s3 needs boto, which is not installed


def test_a_file_that_was_not_named_is_not_read(ours: Visit, turned: Visit) -> None:
    assert ours.error("file") == "FileNotFoundError"
    assert turned.told["file"]["body"].startswith("root:")


@pytest.mark.parametrize("name", ["large", "endless", "bomb"])
def test_no_body_passes_its_limit(ours: Visit, name: str) -> None:
    assert ours.error(name) in {"DownloadCancelledError", "IgnoreRequest"}


def test_a_body_without_limit_would_be_noticed(turned: Visit) -> None:
    assert turned.error("large") not in {"DownloadCancelledError", ""}  # cut by the server, not refused by us
    assert turned.told["bomb"]["status"] == 200


def test_a_redirect_elsewhere_takes_nothing_along(ours: Visit) -> None:
    (landed,) = ours.elsewhere.headers_of("/landed")
    assert not {"x-api-key", "authorization", "cookie", "referer"} & set(landed)
    assert ours.told["away"]["url"].endswith("/landed")


def test_what_was_sent_to_one_service_is_not_sent_to_another(ours: Visit, turned: Visit) -> None:
    assert 300 <= ours.told["away-with-body"]["status"] < 400  # the redirect itself is the answer
    assert ours.elsewhere.headers_of("/landed-with-body") == []
    assert turned.elsewhere.headers_of("/landed-with-body") != []


def test_a_page_cannot_send_the_crawl_elsewhere(ours: Visit, turned: Visit) -> None:
    assert ours.elsewhere.headers_of("/refreshed") == []
    assert turned.elsewhere.headers_of("/refreshed") != []


def test_no_cookie_and_no_referrer_is_sent(ours: Visit, turned: Visit) -> None:
    (back,) = ours.here.headers_of("/cookie-back")
    assert not {"cookie", "referer"} & set(back)
    (back,) = turned.here.headers_of("/cookie-back")
    assert {"cookie", "referer"} <= set(back)


def test_nothing_listens(ours: Visit, turned: Visit) -> None:
    open_doors = {"TelnetConsole", "RemoteControl"}
    assert not open_doors & set(ours.told["extensions"]["names"])
    assert open_doors & set(turned.told["extensions"]["names"])


def test_the_credential_is_sent_where_it_belongs(ours: Visit) -> None:
    (signed,) = ours.here.headers_of("/signed")
    assert signed["x-api-key"] == SECRETS["apollo"][0]
    assert signed["accept-encoding"] == "identity"
    in_query = [path for _, path, _ in ours.here.seen if "registrationkey=" in path]
    assert len(in_query) == 3


def test_nobody_sees_the_credential_that_a_service_echoes(ours: Visit) -> None:
    told = json.dumps(ours.told)
    assert [key for key in KEYS if key in told or json.dumps(key)[1:-1] in told] == []
    assert "bls-key" not in told
    assert "***" in ours.told["echo"]["body"]
    assert ours.told["query"]["url"].endswith("/echo?a=1")
    assert ours.told["query-to-disk"]["url"].endswith("/echo?disk")


def test_the_log_holds_neither_keys_nor_bodies(ours: Visit) -> None:
    assert "DEBUG" in ours.log
    assert [key for key in (*KEYS, "bls-key", "first-key") if key in ours.log] == []
    assert BODY.decode() not in ours.log
