"""What a sandbox is started with, on the command line and from `scrapy sandbox` alike."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """`port` 0 takes any free one; `people` and `companies` are the size of the world; `state_dir` keeps CRM records
    and charged facts; the address is written to `ready_file` once calls are taken.
    """

    port: int = 0
    seed: int = 1
    people: int = 2000
    companies: int = 1500
    ready_file: Path | None = None
    state_dir: Path | None = None


def add_arguments(parser: ArgumentParser, default_port: int = 0) -> None:
    """Teach a parser the options."""
    parser.add_argument(
        "--port", type=_port, default=default_port, help="port on 127.0.0.1 (default %(default)s; 0: any)"
    )
    parser.add_argument("--seed", type=int, default=1, help="one seed, one world (default %(default)s)")
    parser.add_argument("--people", type=_size, default=2000, help="people who fit the target (default %(default)s)")
    parser.add_argument("--companies", type=_size, default=1500, help="employers (default %(default)s)")
    parser.add_argument("--ready-file", type=Path, help="file to write the base URL to, once calls are taken")
    parser.add_argument("--state-dir", type=Path, help="directory that keeps CRM records and charges over a restart")


def from_arguments(given: Namespace) -> Options:
    """The options out of parsed arguments."""
    return Options(given.port, given.seed, given.people, given.companies, given.ready_file, given.state_dir)


def _port(text: str) -> int:
    if text.isdigit() and int(text) <= 65535:
        return int(text)
    raise ArgumentTypeError(f"a port is a number from 0 to 65535, not {text}")


def _size(text: str) -> int:
    if text.isdigit() and 0 < int(text) <= 1_000_000:
        return int(text)
    raise ArgumentTypeError(f"give a number from 1 to 1000000, not {text}")
