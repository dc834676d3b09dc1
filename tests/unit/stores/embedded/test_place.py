import stat
from pathlib import Path

import pytest

from leadspiders.errors import ServiceError
from leadspiders.stores.embedded.place import POINTER, existing, forget, open_place


def test_an_ordinary_home_keeps_its_state_and_its_keys(tmp_path: Path) -> None:
    assert existing(tmp_path) is None
    place = open_place(tmp_path, None)
    assert place.state == tmp_path
    assert open_place(tmp_path, None) == place
    assert len({place.keys.postgres, place.keys.valkey}) == 2
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "postgres").stat().st_mode) == 0o700


def test_two_homes_share_no_key(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first, second = (open_place(tmp_path / name, None).keys for name in ("a", "b"))
    assert not {first.postgres, first.valkey, first.tag} & {second.postgres, second.valkey, second.tag}


def test_state_that_is_gone_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / POINTER).write_text(f"{tmp_path}/gone\n")
    with pytest.raises(ServiceError, match=r"gone.*bring it back, or remove that file"):
        open_place(tmp_path, None)


def test_a_pointer_to_a_folder_that_others_can_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    (tmp_path / POINTER).write_text(f"{tmp_path}/open\n")
    with pytest.raises(ServiceError, match="not what leadspiders put there"):
        existing(tmp_path)


def test_forget_leaves_what_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    open_place(tmp_path, None)
    forget(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]
