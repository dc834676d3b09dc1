"""Finds campaign files and reads them, or says line by line what is wrong with them."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from leadspiders.campaigns.model import NAME_PATTERN, Campaign
from leadspiders.campaigns.problems import explain, nearest
from leadspiders.errors import CampaignError

SET_BY_LOADER = ("name", "source_file")
NO_CAMPAIGNS = ("prices.toml",)
UNREADABLE = "(does not load: scrapy campaigns check says why)"


class Listed(NamedTuple):
    """One campaign that can be named: `path` is where its file is, also when that is inside a deployed egg."""

    name: str
    title: str
    path: str


def load(name_or_path: str | Path, directories: Sequence[str | Path] = ()) -> Campaign:
    """The campaign of that name, or in that file. `directories` win over the campaigns of the package.

    Raises `CampaignError` with one line a problem: file, line, key and what to write instead.
    """
    file = _find(name_or_path, directories)
    text = _text(file)
    name = file.name.removesuffix(".toml")
    if not re.fullmatch(NAME_PATTERN, name):
        raise CampaignError(f"{file}: a campaign is called by its file name: lower-case letters, digits and _ only")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CampaignError(_syntax_problem(str(file), error)) from error
    fixed = [key for key in SET_BY_LOADER if key in data]
    if fixed:
        raise CampaignError(f"{file}:1: {fixed[0]}: remove it: the file's own name says it")
    data |= {"name": name, "source_file": str(file)}
    try:
        return Campaign.model_validate(data)
    except ValidationError as error:
        raise CampaignError(explain(error, Campaign, data, text, str(file))) from error


def available(directories: Sequence[str | Path] = ()) -> list[Listed]:
    """All campaigns that can be named, in the order of their names, without judging what is in them."""
    found: dict[str, Listed] = {}
    for file in _all_files(directories):
        name = file.name.removesuffix(".toml")
        found.setdefault(name, Listed(name, _title(file), str(file)))
    return sorted(found.values())


def _find(name_or_path: str | Path, directories: Sequence[str | Path]) -> Traversable:
    asked = str(name_or_path)
    if isinstance(name_or_path, Path) or asked.endswith(".toml") or "/" in asked:
        return Path(name_or_path)
    known: dict[str, Traversable] = {}
    for file in _all_files(directories):
        known.setdefault(file.name.removesuffix(".toml"), file)
    if asked not in known:
        raise CampaignError(f'no campaign is called "{asked}"; {nearest(asked, list(known))}')
    return known[asked]


def _all_files(directories: Sequence[str | Path]) -> Iterator[Traversable]:
    folders: list[Traversable] = [Path(directory) for directory in directories]
    for folder in [*folders, files("leadspiders.campaigns")]:
        if folder.is_dir():
            found = (file for file in folder.iterdir() if file.name.endswith(".toml") and file.name not in NO_CAMPAIGNS)
            yield from sorted(found, key=lambda f: f.name)


def _text(file: Traversable) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")  # editors on Windows put a mark before the text
    except UnicodeDecodeError as error:
        raise CampaignError(f"{file}: is not UTF-8 at byte {error.start}: save it as UTF-8") from error
    except OSError as error:
        raise CampaignError(f"{file}: cannot be read: {error.strerror or error}") from error


def _title(file: Traversable) -> str:
    try:
        return str(tomllib.loads(_text(file)).get("title", UNREADABLE))
    except (CampaignError, tomllib.TOMLDecodeError):
        return UNREADABLE


def _syntax_problem(file: str, error: tomllib.TOMLDecodeError) -> str:
    message = str(error)
    place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if place is None:  # "(at end of document)"
        return f"{file}: is no valid TOML: {message}"
    return f"{file}:{place[1]}: is no valid TOML at column {place[2]}: {message[: place.start()]}"
