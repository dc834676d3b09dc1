"""What the pages tell people to type exists: commands, their options, arguments of spiders, targets of make."""

import re
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from scrapy.commands import ScrapyCommand
from scrapy.spiderloader import SpiderLoader

SHELL = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:scrapy|make) [^`\n]+)`")
INDENTED = re.compile(r"^    ((?:scrapy|make) .+)$", re.MULTILINE)
TARGET = re.compile(r"^([a-z-]+):.*##", re.MULTILINE)
CURL_ARGUMENT = re.compile(r"-d ([a-z_]+)=(\S+)")
SCRAPYD_ARGUMENTS = {"project", "spider", "job"}
OF_SCRAPY = {"list"}
PLACEHOLDER = re.compile(r"[A-Z][A-Z_]*")


def test_what_is_to_be_typed_exists(page: Path, root: Path, generate: ModuleType) -> None:
    complaints = [
        f"{line}: {complaint}"
        for line in commands_in(page.read_text(encoding="utf-8"))
        for complaint in wrong(line, root, generate)
    ]
    assert complaints == []


def commands_in(text: str) -> Iterator[str]:
    """Lines that begin with scrapy, make or curl, without comments and with continued lines joined."""
    for block in SHELL.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            if line.strip().startswith(("scrapy ", "make ", "curl ")):
                yield line.strip()
    yield from INLINE.findall(text)
    yield from INDENTED.findall(SHELL.sub("", text))


def wrong(line: str, root: Path, generate: ModuleType) -> Iterator[str]:
    """What is wrong with a line; words in capitals, `<word>` and `[word]` stand for something else."""
    program, *words = shlex.split(re.sub(r"\[[^]]*\]|<[^>]*>|\|.*", "", line), comments=True)
    words = [word for word in words if not PLACEHOLDER.fullmatch(word)]
    if program == "make" and words[0] not in TARGET.findall((root / "Makefile").read_text()):
        yield f"there is no make {words[0]}"
    if program == "curl" and "schedule.json" in line:
        given = dict(CURL_ARGUMENT.findall(line))
        yield from wrong_crawl(given["spider"], set(given) - SCRAPYD_ARGUMENTS, generate)
    if program == "scrapy" and words and words[0] not in OF_SCRAPY:
        yield from wrong_command(*words, generate=generate)


def wrong_command(name: str, *words: str, generate: ModuleType) -> Iterator[str]:
    command = generate.all_commands(generate.project_settings()).get(name)
    if not command:
        yield f"there is no scrapy {name}"
        return
    yield from unknown_options(command, words)
    if name == "crawl" and words and not words[0].startswith("-"):
        named = {word.partition("=")[0] for before, word in pairwise(words) if before == "-a"}
        yield from wrong_crawl(words[0], named, generate)


def wrong_crawl(name: str, arguments: set[str], generate: ModuleType) -> Iterator[str]:
    loader = SpiderLoader.from_settings(generate.project_settings())
    if name not in loader.list():
        yield f"there is no spider {name}"
        return
    known = {"campaign", "run_id", "sample", "goal", *loader.load(name).arguments}  # type: ignore[attr-defined]
    yield from (f"{name} takes no {argument}" for argument in sorted(arguments - known))


def unknown_options(command: ScrapyCommand, words: Sequence[str]) -> Iterator[str]:
    parser = ArgumentParser()
    command.add_options(parser)
    known = {name for action in parser._actions for name in action.option_strings}
    for word in words:
        if word.startswith("-") and word.partition("=")[0] not in known:
            yield f"there is no option {word}"


def test_a_wrong_line_is_told(root: Path, generate: ModuleType) -> None:
    lines = {
        "scrapy leads C --fast": "--fast",
        "scrapy fly": "fly",
        "make tea": "tea",
        "scrapy crawl bls -a campaign=C -a color=red": "color",
        "scrapy crawl yelp -a campaign=C": "yelp",
        "curl http://127.0.0.1:6800/schedule.json -d project=p -d spider=bls -d color=red": "color",
    }
    for line, word in lines.items():
        complaints = list(wrong(line, root, generate))
        assert len(complaints) == 1
        assert word in complaints[0]
