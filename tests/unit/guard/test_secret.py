import pytest

from leadspiders.guard.keys_file import rings
from leadspiders.guard.secret import Secret, is_key


def test_a_secret_is_its_text_to_all_but_who_prints_it() -> None:
    assert Secret("abc") == "abc"
    assert f"Bearer {Secret('abc')}" == "Bearer abc"
    assert str({"apollo": [Secret("abc")]}) == "{'apollo': ['***']}"


@pytest.mark.parametrize(
    ("text", "good"), [("pat-na1-x_Y.z+/=", True), ("", False), ("a b", False), ("schlüssel", False)]
)
def test_what_can_be_a_key(text: str, good: bool) -> None:
    assert is_key(text) is good


def test_the_keys_of_the_settings_are_secrets_and_a_misspelled_one_is_told_without_it(tmp_path) -> None:
    found = rings({"apollo": ["good-key", "schlüssel"]}, tmp_path / "none.enc", [])
    assert "good-key" not in repr(found.credentials)
    assert found.problem == "APOLLO_API_KEY: key 2 has a space or a letter that no key has: copy it anew"
