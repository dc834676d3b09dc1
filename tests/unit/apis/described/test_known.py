from pathlib import Path

import pytest

from leadspiders.apis.described import known
from leadspiders.apis.http import Auth
from leadspiders.apis.registry import APIS

FILES = Path(__file__).parents[4] / "fixtures" / "providers"


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(known, "DESCRIBED", {})
    monkeypatch.setattr(known, "MISTAKES", [])
    monkeypatch.setattr(known, "APIS", dict(APIS))


def test_files_join_the_other_apis():
    known.learn([FILES / "people.toml", FILES / "verdicts.toml"])
    assert list(known.DESCRIBED) == ["http_people", "http_verdicts"]
    api = known.APIS["http_people"]
    assert (api.base_url, api.auth, api.auth_field, api.key_name, api.key_required) == (
        "https://api.people.example",
        Auth.BEARER,
        "Authorization",
        "PEOPLE_API_KEY",
        True,
    )
    assert [(limit.calls, limit.seconds) for limit in api.limits] == [(50, 1)]
    assert known.MISTAKES == []


def test_a_file_with_a_mistake_adds_nothing():
    known.learn([FILES / "mistakes.toml", FILES / "none.toml"])
    assert known.DESCRIBED == {}
    assert known.APIS.keys() == APIS.keys()
    assert len(known.MISTAKES) == 2


def test_a_name_is_given_once(tmp_path):
    text = (FILES / "people.toml").read_text().replace("/v1/people", "/v2/people")
    (tmp_path / "other.toml").write_text(text)
    known.learn([FILES / "people.toml", FILES / "people.toml"])
    assert known.MISTAKES == []
    known.learn([tmp_path / "other.toml"])
    assert known.DESCRIBED["http_people"].request.path == "/v1/people"
    assert ["another file describes" in line for line in known.MISTAKES] == [True]
