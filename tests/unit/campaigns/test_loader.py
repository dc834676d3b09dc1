import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import leadspiders
from leadspiders.campaigns.loader import UNREADABLE, available, load
from leadspiders.errors import CampaignError

FIXTURES = Path(__file__).parents[3] / "fixtures" / "campaigns"


@pytest.mark.parametrize("name", ["minimal", "unusual_but_valid", "windows"])
def test_valid_files_load_and_are_called_by_their_file_name(name):
    campaign = load(FIXTURES / f"{name}.toml")
    assert campaign.name == name
    assert campaign.source_file == str(FIXTURES / f"{name}.toml")


def test_a_campaign_is_found_by_name_in_a_folder_and_by_path_as_text():
    by_name = load("minimal", [FIXTURES])
    assert by_name == load(str(FIXTURES / "minimal.toml"))


def test_a_folder_of_the_user_wins_over_the_package(tmp_path):
    mine = (FIXTURES / "minimal.toml").read_text()
    (tmp_path / "dpc_employers.toml").write_text(mine)
    assert load("dpc_employers", [tmp_path]).title == "The least a campaign can say"
    assert load("dpc_employers").title == "Employers for DPC health plans"
    listed = {one.name: one.path for one in available([tmp_path])}
    assert listed["dpc_employers"] == str(tmp_path / "dpc_employers.toml")
    assert listed["performance_marketers"].endswith("performance_marketers.toml")


def test_the_first_of_two_folders_wins(tmp_path):
    text = (FIXTURES / "minimal.toml").read_text()
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.toml").write_text(text.replace("The least a campaign can say", folder))
    assert load("mine", [tmp_path / "b", tmp_path / "a"]).title == "b"


def test_a_folder_that_does_not_exist_is_no_error(tmp_path):
    assert [one.name for one in available([tmp_path / "none"])] == ["dpc_employers", "performance_marketers"]


def test_a_broken_file_is_listed_with_a_word_of_warning():
    titles = {one.name: one.title for one in available([FIXTURES])}
    assert titles["broken_toml"] == titles["not_utf8"] == titles["empty"] == UNREADABLE
    assert titles["unknown_keys"] == "Keys that do not exist"


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(CampaignError, match=r'no campaign is called "dpc_employer"; did you mean "dpc_employers"\?'):
        load("dpc_employer")


def test_an_unknown_name_far_from_all_is_answered_with_the_list():
    with pytest.raises(CampaignError, match="valid: dpc_employers, performance_marketers"):
        load("x")


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(CampaignError, match=r"none\.toml: cannot be read: No such file"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["My Campaign", "1st", "a-b", "_x", "a" * 64])
def test_a_file_name_that_is_no_campaign_name_is_refused(tmp_path, name):
    file = tmp_path / f"{name}.toml"
    file.write_bytes((FIXTURES / "minimal.toml").read_bytes())
    with pytest.raises(CampaignError, match="lower-case letters, digits and _ only"):
        load(file)


@pytest.mark.parametrize("key", ["name", "source_file"])
def test_a_file_cannot_say_its_own_name(tmp_path, key):
    file = tmp_path / "mine.toml"
    file.write_text(f'{key} = "other"\n' + (FIXTURES / "minimal.toml").read_text())
    with pytest.raises(CampaignError, match=f"mine.toml:1: {key}: remove it"):
        load(file)


def test_a_campaign_cannot_be_changed():
    campaign = load(FIXTURES / "minimal.toml")
    with pytest.raises(ValueError, match="frozen"):
        campaign.budget.cap_usd = 1_000_000


def test_campaigns_of_a_zipped_egg_load_and_are_listed(tmp_path):
    egg = tmp_path / "leadspiders.egg"
    package = Path(leadspiders.__file__).parent
    with zipfile.ZipFile(egg, "w") as archive:
        for file in package.rglob("*"):
            if file.suffix in {".py", ".toml", ".csv", ".txt", ".json"}:
                archive.write(file, file.relative_to(package.parent))
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from leadspiders.campaigns.loader import available, load;"
        "print(load('dpc_employers').source_file); print(len(available()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(egg)], check=False, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stderr == ""
    source_file, listed = done.stdout.split()
    assert Path(source_file) == egg / "leadspiders" / "campaigns" / "dpc_employers.toml"
    assert listed == "2"
