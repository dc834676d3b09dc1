import stat
from pathlib import Path

import pytest

from leadspiders.stores.embedded import files


def test_a_file_is_replaced_whole_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o644)
    files.write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        files.write_private(tmp_path / "folder", b"new")
    assert [found.name for found in tmp_path.iterdir()] == ["folder"]


def test_a_folder_has_its_mode_whatever_the_umask_and_keeps_it(tmp_path: Path) -> None:
    folder = files.make_folder(tmp_path / "new", mode=0o711)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o711
    files.make_folder(folder, mode=0o700)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o711
