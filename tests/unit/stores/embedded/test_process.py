import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadspiders.stores.embedded import process
from leadspiders.stores.embedded.process import Record

TAG = f"leadspiders-test-{os.getpid()}"


@pytest.fixture
def child() -> Iterator[int]:
    """A process that carries the tag; it says when it runs."""
    code = "import sys; print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, TAG]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        assert started.stdout
        started.stdout.readline()
        yield started.pid
        started.kill()


def record(pid: int, tag: str = TAG) -> Record:
    return Record(pid=pid, port=1, tag=tag, version="1", since=process.now(), arguments=("a",))


def test_a_record_is_read_back(tmp_path: Path) -> None:
    assert process.last(tmp_path) is None
    kept = record(1)
    process.remember(tmp_path, kept)
    assert process.last(tmp_path) == kept
    (tmp_path / process.RECORD).write_text("{")
    assert process.last(tmp_path) is None


def test_a_recycled_pid_is_not_believed(tmp_path: Path, child: int) -> None:
    process.remember(tmp_path, record(child))
    assert process.running(tmp_path)
    process.remember(tmp_path, record(child, "another tag"))
    assert process.running(tmp_path) is None
    assert process.last(tmp_path)


def test_end_is_over_when_only_a_zombie_is_left(child: int) -> None:
    """The parent, this test, has not waited for it yet: it stays in the table of processes."""
    process.end(lambda: process.all_of(TAG), ())
    assert process.one(child, TAG) == []
    assert Path(f"/proc/{child}").exists() or sys.platform != "linux"
