"""What each command of ours declares."""

from argparse import ArgumentParser
from typing import ClassVar

from scrapy.commands import ScrapyCommand


class ProjectCommand(ScrapyCommand):
    """`usage` follows the command's name, `summary` is its line of help, `json_option` what --json does; None: it has
    no such option."""

    requires_project = True
    usage: ClassVar[str] = "[options] CAMPAIGN"
    summary: ClassVar[str]
    json_option: ClassVar[str | None] = "one JSON object on standard output"

    def syntax(self) -> str:
        return self.usage

    def short_desc(self) -> str:
        return self.summary

    def options(self, parser: ArgumentParser) -> None:
        """Options of this command alone."""

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        self.options(parser)
        if self.json_option:
            parser.add_argument("--json", action="store_true", help=self.json_option)
