import stat
from pathlib import Path

import pytest

from leadspiders.errors import SetupError
from leadspiders.guard.encryption_keys import add_key, all_keys, make_key, stored_keys
from leadspiders.guard.vault import Vault


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "encryption.keys"


def test_the_newest_key_stands_first_and_none_is_lost(file: Path) -> None:
    assert stored_keys(file) == []
    add_key(file)
    (first,) = stored_keys(file)
    add_key(file)
    newest, *others = stored_keys(file)
    assert others == [first]
    assert newest != first


def test_only_the_owner_may_read_it(file: Path) -> None:
    add_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_two_who_make_the_first_key_have_the_same(file: Path) -> None:
    one, other = Vault.of([], file), Vault.of([], file)
    one.add_key(only_first=True)
    other.add_key(only_first=True)
    assert one.ids == other.ids
    assert len(one.ids) == 1


def test_what_the_environment_gives_comes_before_the_file(file: Path) -> None:
    add_key(file)
    given = make_key()
    assert all_keys([given], file) == [given, *stored_keys(file)]
    assert Vault.of([given], file).ids == Vault.of([given, *stored_keys(file)]).ids


def test_a_line_that_is_no_key_is_told_with_the_file(file: Path) -> None:
    add_key(file)
    file.write_text("# mine\nnot a key\n")
    with pytest.raises(SetupError, match=r"key 1 of .*encryption\.keys is not 32 bytes"):
        Vault.of([], file)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(SetupError, match="LEADS_ENCRYPTION_KEYS") as caught:
        add_key(tmp_path / "taken" / "encryption.keys")
    assert "\n" not in str(caught.value)


def test_a_process_that_runs_opens_what_a_key_made_later_has_sealed(file: Path) -> None:
    running = Vault.of([], file)
    running.add_key()
    old = running.newest
    Vault.of([], file).add_key()
    sealed = Vault.of([], file).seal(b"plain", "email")
    assert not sealed.startswith(old)
    assert running.open(sealed, "email") == b"plain"


def test_a_process_that_runs_seals_with_a_key_made_later(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadspiders.guard.vault.LOOK_SECONDS", -1.0)
    running = Vault.of([], file)
    running.add_key()
    before = running.newest
    Vault.of([], file).add_key()
    assert not running.seal(b"plain", "email").startswith(before)
