from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leadspiders.ops.doctor_machine import backup, embedded, room
from leadspiders.stores.embedded.services import ServiceState
from leadspiders.stores.postgres.backup import Backup, Manifest

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def made(days):
    manifest = Manifest(
        made_at=NOW - timedelta(days=days), revision="0001", server=18, bytes=1, sha256="", keys=[], tables={}
    )
    return Backup(file=Path("x.dump"), manifest=manifest)


@pytest.mark.parametrize(("found", "state"), [([], "WARN"), ([made(1)], "OK"), ([made(2)], "WARN")])
def test_a_backup_is_a_day_old_at_most(found, state):
    assert backup(found, now=NOW).state == state


@pytest.mark.parametrize(("free", "state"), [(2**40, "OK"), (2**31, "WARN"), (2**20, "FAIL")])
def test_room_on_the_disk(free, state, monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": free}))
    assert room(tmp_path / "not" / "there").state == state


@pytest.mark.parametrize(("installed", "state"), [("18.4", "OK"), ("18.5", "WARN")])
def test_a_server_that_is_older_than_its_program_is_to_be_restarted(installed, state, tmp_path):
    running = ServiceState(name="postgres", running=True, pid=1, port=1, version="18.4", data=tmp_path, since=NOW)
    assert [check.state for check in embedded([running], {"postgres": installed})] == [state]
