import base64

import pytest
from cryptography.fernet import Fernet

from leadspiders.errors import SetupError
from leadspiders.guard.vault import Vault

OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
PURPOSE = "keys file"


def test_what_is_sealed_opens() -> None:
    sealed = Vault.of([NEW]).seal(b"plain", PURPOSE)
    assert b"plain" not in sealed
    assert Vault.of([NEW]).open(sealed, PURPOSE) == b"plain"


def test_the_newest_key_seals_and_all_open() -> None:
    before = Vault.of([OLD]).seal(b"plain", PURPOSE)
    both = Vault.of([NEW, OLD])
    assert both.open(before, PURPOSE) == b"plain"
    assert Vault.of([NEW]).open(both.seal(b"plain", PURPOSE), PURPOSE) == b"plain"


def test_nothing_is_sealed_the_same_way_twice() -> None:
    vault = Vault.of([NEW])
    assert vault.seal(b"plain", PURPOSE) != vault.seal(b"plain", PURPOSE)


def test_a_missing_key_is_named() -> None:
    sealed = Vault.of([OLD]).seal(b"plain", PURPOSE)
    with pytest.raises(SetupError, match=f"id {sealed[1:5].hex()}"):
        Vault.of([NEW]).open(sealed, PURPOSE)


def test_without_keys_nothing_opens_and_nothing_is_sealed() -> None:
    sealed = Vault.of([OLD]).seal(b"plain", PURPOSE)
    with pytest.raises(SetupError, match="set LEADS_ENCRYPTION_KEYS"):
        Vault.of([]).open(sealed, PURPOSE)
    with pytest.raises(SetupError, match="LEADS_ENCRYPTION_KEYS is not set"):
        Vault.of([]).seal(b"plain", PURPOSE)
    assert not Vault.of([])


def test_what_was_sealed_for_something_else_does_not_open() -> None:
    sealed = Vault.of([NEW]).seal(b"plain", "hash key")
    with pytest.raises(SetupError, match="damaged"):
        Vault.of([NEW]).open(sealed, PURPOSE)


def test_every_damaged_byte_is_noticed() -> None:
    sealed = Vault.of([NEW]).seal(b"plain", PURPOSE)
    for place in range(len(sealed)):
        damaged = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SetupError):
            Vault.of([NEW]).open(damaged, PURPOSE)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + b"x" * 20, b"no seal at all, but long enough to be one"])
def test_what_is_no_seal_is_told(sealed: bytes) -> None:
    with pytest.raises(SetupError, match="damaged"):
        Vault.of([NEW]).open(sealed, PURPOSE)


def test_both_alphabets_are_keys() -> None:
    raw = b"\xfb\xff" * 16
    one, other = base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()
    assert one != other
    assert Vault.of([other]).open(Vault.of([one]).seal(b"plain", PURPOSE), PURPOSE) == b"plain"
    assert Vault.of([Fernet.generate_key().decode()])


@pytest.mark.parametrize("text", ["", "short", "ä" * 44, base64.b64encode(b"x" * 16).decode(), "!" * 44])
def test_what_is_no_key_is_told_by_its_place_and_not_repeated(text: str) -> None:
    with pytest.raises(SetupError, match="key 2 of LEADS_ENCRYPTION_KEYS") as caught:
        Vault.of([NEW, text])
    assert not text or text not in str(caught.value)


def test_nothing_that_is_printed_holds_a_key() -> None:
    assert NEW not in repr(Vault.of([NEW]))
    assert (b"\x02" * 32).hex() not in repr(Vault.of([NEW]))
