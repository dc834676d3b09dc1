import stat
from pathlib import Path

import pytest

from leadspiders.errors import ServiceError
from leadspiders.stores.embedded import shelter


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two files of a wheel, and a place for their copy."""
    monkeypatch.setattr(shelter, "CANDIDATES", (tmp_path / "missing", tmp_path / "var"))
    (tmp_path / "var").mkdir()
    files = [tmp_path / "site/package/bin/server", tmp_path / "site/package/share/zone/data"]
    for file in files:
        file.parent.mkdir(parents=True)
        file.write_bytes(b"content")
        file.chmod(0o600)
    files[0].chmod(0o700)
    return files


def copy(wheel: list[Path]) -> Path:
    return shelter.copied(wheel[0].parents[2], wheel, "package")


def test_a_copy_can_be_read_by_all_and_written_by_nobody_else(wheel: list[Path]) -> None:
    target = copy(wheel)
    assert stat.S_IMODE((target / "package/bin/server").stat().st_mode) == 0o755
    assert stat.S_IMODE((target / "package/share/zone/data").stat().st_mode) == 0o644
    assert stat.S_IMODE((target / "package/share/zone").stat().st_mode) == 0o755
    assert copy(wheel) == target
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_another_version_gets_a_copy_of_its_own(wheel: list[Path]) -> None:
    first = copy(wheel)
    wheel[0].write_bytes(b"longer content")
    assert copy(wheel) != first


@pytest.mark.parametrize("path", ["", "package/bin", "package/bin/server"])
def test_what_others_could_have_written_is_refused(wheel: list[Path], path: str) -> None:
    (copy(wheel) / path).chmod(0o777)
    with pytest.raises(ServiceError, match="not what leadspiders put there"):
        copy(wheel)


def test_a_link_in_place_of_a_file_is_refused(wheel: list[Path]) -> None:
    server = copy(wheel) / "package/bin/server"
    server.unlink()
    server.symlink_to(wheel[0])
    with pytest.raises(ServiceError, match="not what leadspiders put there"):
        copy(wheel)


def test_a_cut_file_is_refused(wheel: list[Path]) -> None:
    (copy(wheel) / "package/bin/server").write_bytes(b"cut")
    with pytest.raises(ServiceError, match="damaged"):
        copy(wheel)


def test_a_planted_shelter_is_refused(wheel: list[Path], tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "var" / shelter.shelter().name).rmdir()
    (tmp_path / "var" / f"leadspiders-{wheel[0].stat().st_uid}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ServiceError, match="remove it"):
        copy(wheel)
