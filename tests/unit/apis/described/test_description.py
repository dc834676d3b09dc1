from pathlib import Path

import pytest

from leadspiders.apis.described.description import read_description
from leadspiders.errors import ArgumentError

FILES = Path(__file__).parents[4] / "fixtures" / "providers"
GOOD = """
name = "mine"
base_url = "https://api.mine.example/prefix"
credits = 0.5
limits = [{ calls = 5, seconds = 1 }]

[request]
path = "/p/{domain}"
params = { name = "{full_name}" }

[fills]
email = "email"
"""


def test_the_example_is_read():
    people = read_description(FILES / "people.toml")
    assert (people.api_name, people.needed) == ("http_people", {"full_name", "domain"})
    assert read_description(FILES / "verdicts.toml").needed == {"email"}


def test_every_mistake_has_its_line_and_what_to_write():
    with pytest.raises(ArgumentError) as caught:
        read_description(FILES / "mistakes.toml")
    told = [line.removeprefix(f"{FILES / 'mistakes.toml'}:") for line in str(caught.value).splitlines()]
    assert [line.split(": ")[0:2] for line in told] == [
        ["1", "name"],
        ["2", "base_url"],
        ["4", "credits"],
        ["5", "limits"],
        ["6", "colour"],
        ["9", "request.path"],
        ["10", "request.params.name"],
        ["13", "fills.e_mail"],
        ["14", "fills.phone"],
    ]
    assert 'did you mean "email"?' in told[7]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{domain}", "{domian}", 'no placeholder; did you mean "domain"?'),
        ("credits = 0.5", "credit = 0.5", 'unknown key; did you mean "credits"?'),
        ("credits = 0.5", "", "credits: is missing"),
        ("credits = 0.5", 'credits = "0.5"', "must be a number"),
        ("credits = 0.5", 'credits = 0.5\nauth = "bearer"', "key_name go together"),
        ("credits = 0.5", 'credits = 0.5\nkey_name = "MINE_API_KEY"', "key_name go together"),
        ("credits = 0.5", 'credits = 0.5\nauth = "bearer"\nkey_name = "DATABASE_URL"', "no environment name of a key"),
        ("credits = 0.5", 'credits = 0.5\nneeds = ["email"]', "email is needed but not sent"),
        ("credits = 0.5", 'credits = 0.5\nneeds = ["full_name"]', "{domain} is in the path and must be in needs"),
        ("credits = 0.5", 'credits = 0.5\nneeds = ["name"]', 'did you mean "last_name"?'),
        ('path = "/p/{domain}"\nparams = { name = "{full_name}" }', 'path = "/p"', "nothing in it depends on the lead"),
        ('email = "email"', 'email = "email"\nemail_status = "state"', "verdicts go together"),
        ('email = "email"', "", "fills: must not be empty"),
        ("[request]", '[request]\nmethod = "PUT"', "valid: GET, POST"),
        ("[request]", '[request]\nbody = { mail = "{email}" }', 'a body needs method = "POST"'),
        (
            "[request]",
            '[request]\nmethod = "POST"\nbody = { list = [{ mail = "{emial}" }] }',
            "{emial} is no placeholder",
        ),
        ("https://api.mine.example/prefix", "https://api.mine.example?key=1", "is no base URL"),
        ("https://api.mine.example/prefix", "file:///etc/passwd", "is no base URL"),
    ],
)
def test_what_is_refused(old, new, told, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(GOOD.replace(old, new))
    with pytest.raises(ArgumentError) as caught:
        read_description(file)
    assert told in str(caught.value)
    assert all(line.startswith(f"{file}:") for line in str(caught.value).splitlines())


def test_the_good_one_is_good(tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD)
    assert read_description(tmp_path / "mine.toml").credits == 0.5


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"name = "])
def test_no_file_no_text_no_toml(content, tmp_path):
    if content is not None:
        (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(ArgumentError, match=r"mine\.toml: (cannot be read|is no valid TOML)"):
        read_description(tmp_path / "mine.toml")
