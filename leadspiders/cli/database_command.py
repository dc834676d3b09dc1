"""A command that asks the database."""

from abc import abstractmethod
from argparse import Namespace

from leadspiders.cli.plain_command import PlainCommand
from leadspiders.commands.connect import run


class DatabaseCommand(PlainCommand):
    """An error of ours or of Postgres is one line on standard error, and exit code 2."""

    @abstractmethod
    async def answer(self, args: list[str], opts: Namespace) -> int:
        """Do it and print it; returns the exit code."""

    def run(self, args: list[str], opts: Namespace) -> None:
        run(self, self.answer(args, opts))
