"""`scrapy sandbox`: the stand-ins of the outside APIs on their own, in the foreground."""

from argparse import ArgumentParser, Namespace

from scrapy.exceptions import UsageError

from leadspiders.cli.plain_command import PlainCommand
from leadspiders.sandbox.addresses import environment
from leadspiders.sandbox.options import add_arguments, from_arguments
from leadspiders.sandbox.run import main

DEFAULT_PORT = 8700


class Command(PlainCommand):
    """Serves until Ctrl-C, and first prints what to set so that crawls talk to it."""

    usage = "[options]"
    summary = "Run local stand-ins of every outside API"
    json_option = None

    def long_desc(self) -> str:
        return (
            "Stand-ins of BLS, SAM.gov, Apollo and HubSpot on this machine, with a made-up world that one seed decides."
        )

    def options(self, parser: ArgumentParser) -> None:
        add_arguments(parser, DEFAULT_PORT)

    def run(self, args: list[str], opts: Namespace) -> None:
        if args:
            raise UsageError(f"scrapy sandbox takes no {args[0]}: see scrapy sandbox -h")
        self.exitcode = main(from_arguments(opts), _announce)


def _announce(url: str) -> None:
    for name, value in environment(url).items():
        print(f"export {name}={value}")
    print(f"# Paste these lines where the crawls run. What was asked: {url}/_sandbox/tally", flush=True)
