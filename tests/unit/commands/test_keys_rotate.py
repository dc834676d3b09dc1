import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from scrapy.settings import Settings

from leadspiders.commands.keys_rotate import STEPS, _needing, _told, rotated
from leadspiders.guard.rotation import Rotation
from leadspiders.stores.postgres.backup import Manifest

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
    assert rotated(settings, new=True, as_json=False) == 0
    assert capsys.readouterr().out.splitlines()[1:] == told["next"].splitlines()


def test_the_steps_are_those_of_the_guide() -> None:
    """A key that seals before it opens everywhere shuts the other machines out."""
    guide = Path("docs/how-to/encrypt-and-rotate.md").read_text()
    orders = ["LEADS_ENCRYPTION_KEYS=old,new", "LEADS_ENCRYPTION_KEYS=new,old", "on one of them", "old key out"]
    for text in ("\n".join(STEPS), guide[guide.index("Several machines, or a key") :]):
        places = [text.index(order) for order in orders]
        assert places == sorted(places)


def test_an_old_key_without_values_may_be_removed() -> None:
    assert _told(done(), {"bb": []}).splitlines() == [
        "1,350 values were brought under key aa.",
        "0 values left under key bb: it may be removed",
    ]
    assert done().complete


def test_the_backups_that_need_it_are_named(tmp_path: Path) -> None:
    manifest = Manifest(
        made_at=datetime(2026, 1, 1, tzinfo=UTC), revision="1", server=18, bytes=1, sha256="", keys=["bb"], tables={}
    )
    (tmp_path / "leadspiders-1.json").write_bytes(msgspec.json.encode(manifest))
    (tmp_path / "leadspiders-1.dump").touch()
    needing = {key: _needing(tmp_path, key) for key in ("bb", "cc")}
    assert needing == {"bb": [str(tmp_path / "leadspiders-1.dump")], "cc": []}
    told = _told(done(left={"bb": 0, "cc": 0}), needing).splitlines()
    assert told[1].endswith(f"which need it: {tmp_path / 'leadspiders-1.dump'}")
    assert told[2] == "0 values left under key cc: it may be removed"


@pytest.mark.parametrize("kept", [{"left": {"bb": 2}, "unreadable": 2}, {"earlier": 1}, {"settled": False}])
def test_else_it_is_said_why_not(kept: dict[str, object]) -> None:
    told = _told(done(**kept), {"bb": []})
    assert "may be removed" not in told
    assert len(told.splitlines()) == 3
    assert not done(**kept).complete
