import base64
import stat
from pathlib import Path

import pytest

from leadspiders.errors import SetupError
from leadspiders.guard.keys_file import PURPOSE, Entry, load, rings, save
from leadspiders.guard.vault import Vault

KEYS = [base64.b64encode(b"k" * 32).decode()]
OTHER = [base64.b64encode(b"o" * 32).decode()]
ENTRIES = {"apollo": [Entry("secret-1", team="sales", note="ours"), Entry("secret-2")], "hubspot": [Entry("token")]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "keys.enc"


def test_what_was_saved_is_loaded(path: Path) -> None:
    save(path, ENTRIES, KEYS)
    assert load(path, KEYS) == ENTRIES


def test_only_the_owner_may_read_it_and_it_holds_nothing_in_clear(path: Path) -> None:
    save(path, ENTRIES, KEYS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not [word for word in (b"secret", b"token", b"sales", b"apollo") if word in path.read_bytes()]


def test_a_file_that_all_could_read_is_replaced_by_one_that_only_the_owner_can(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"")
    path.chmod(0o644)
    save(path, ENTRIES, KEYS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_save_that_fails_leaves_the_old_file_and_nothing_beside_it(path: Path, monkeypatch) -> None:
    save(path, ENTRIES, KEYS)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SetupError, match="No space left"):
        save(path, {}, KEYS)
    assert load(path, KEYS) == ENTRIES
    assert list(path.parent.iterdir()) == [path]


def test_without_a_file_there_are_no_keys(path: Path) -> None:
    assert load(path, []) == {}


@pytest.mark.parametrize(("keys", "word"), [([], "set LEADS_ENCRYPTION_KEYS"), (OTHER, "none of"), (["x"], "key 1 of")])
def test_what_is_wrong_is_one_line_with_the_path(path: Path, keys: list[str], word: str) -> None:
    save(path, ENTRIES, KEYS)
    with pytest.raises(SetupError, match=word) as caught:
        load(path, keys)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"half", b"\x01" + b"x" * 60])
def test_a_damaged_file_is_told(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(SetupError):
        load(path, KEYS)


def test_a_sealed_file_of_something_else_is_told(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(Vault.of(KEYS).seal(b'["no keys"]', PURPOSE))
    with pytest.raises(SetupError, match="does not hold keys"):
        load(path, KEYS)


def test_the_environment_wins_api_by_api(path: Path) -> None:
    save(path, ENTRIES, KEYS)
    found = rings({"apollo": ["env"], "hubspot": [], "bls_api": []}, path, KEYS)
    assert found.credentials == {"apollo": ["env"], "hubspot": ["token"], "bls_api": []}
    assert found.teams == {"hubspot": [None]}
    assert found.problem is None


def test_a_file_that_cannot_be_opened_is_told_and_does_not_stop_everything(path: Path) -> None:
    save(path, ENTRIES, KEYS)
    found = rings({"apollo": ["env"]}, path, OTHER)
    assert found.credentials == {"apollo": ["env"]}
    assert found.problem
    assert "none of LEADS_ENCRYPTION_KEYS" in found.problem


def test_an_entry_that_is_printed_holds_no_key() -> None:
    assert "secret" not in repr(ENTRIES)
