import base64
import json
from pathlib import Path

import pytest
from scrapy.settings import Settings

from leadspiders.commands.keys_rotate import _told, rotated
from leadspiders.guard.rotation import Rotation

KEY = base64.b64encode(b"k" * 32).decode()


def done(**said: object) -> Rotation:
    values = {"key": "aa", "resealed": 1350, "unreadable": 0, "left": {"bb": 0}, "earlier": 0, "settled": True}
    return Rotation(**values | said)  # type: ignore[arg-type]


def test_keys_of_the_environment_are_for_the_user_to_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "encryption.keys"
    settings = Settings({"LEADS_ENCRYPTION_KEYS": [KEY], "LEADS_ENCRYPTION_KEYS_FILE": str(file)})
    assert rotated(settings, new=True, as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(base64.b64decode(told["new_key"])) == 32
    assert KEY not in str(told)
    assert not file.exists()


def test_an_old_key_without_values_may_be_removed() -> None:
    assert _told(done()).splitlines() == [
        "1,350 values were brought under key aa.",
        "0 values left under key bb: it may be removed",
    ]
    assert done().complete


@pytest.mark.parametrize("kept", [{"left": {"bb": 2}, "unreadable": 2}, {"earlier": 1}, {"settled": False}])
def test_else_it_is_said_why_not(kept: dict[str, object]) -> None:
    assert "may be removed" not in _told(done(**kept))
    assert len(_told(done(**kept)).splitlines()) == 3
    assert not done(**kept).complete
