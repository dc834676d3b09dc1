"""Which module Scrapy looks for commands in, by what was typed: the one that is asked for, and no other.

Scrapy imports every module of COMMANDS_MODULE at every start, only to pick one by its name. What all commands need
together costs three times what Scrapy itself does, and each worker of a crawl would pay it.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import PurePath

OURS, SCRAPYS = "leadspiders.commands", "scrapy.commands"
PROGRAMS = {"bin/scrapy", "scrapy/__main__.py", "scrapy/cmdline.py", "scrapyd/runner.py"}
"""How the path of a program ends that hands its own arguments to Scrapy."""


def commands_module(argv: Sequence[str]) -> str | None:
    """The value of COMMANDS_MODULE for the command line `argv`, which begins with the path of the program.

    A command of ours: its own module. One that only Scrapy has: none. Anything else (no command, an unknown one, a
    program that is not Scrapy's command line and may ask for any): the package with all of them.
    """
    if "/".join(PurePath(argv[0]).parts[-2:]) not in PROGRAMS:
        return OURS
    word = next((word for word in argv[1:] if not word.startswith("-")), "")  # as Scrapy finds it
    if not word.isidentifier():
        return OURS
    if find_spec(f"{OURS}.{word}"):
        return f"{OURS}.{word}"
    return None if find_spec(f"{SCRAPYS}.{word}") else OURS
