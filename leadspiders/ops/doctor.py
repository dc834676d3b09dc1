"""One line of the go/no-go list, and what the list as a whole says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.table import Table
from rich.text import Text

State = Literal["OK", "WARN", "FAIL"]
_COLORS = {"OK": "green", "WARN": "yellow", "FAIL": "red"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`said` is what was found, `advice` what to do about it; only what is well has none."""

    name: str
    state: State
    said: str
    advice: str = ""


def well(name: str, said: str) -> Check:
    """Nothing to do."""
    return Check(name=name, state="OK", said=said)


def doubt(name: str, said: str, advice: str) -> Check:
    """It runs, and something should be seen to."""
    return Check(name=name, state="WARN", said=said, advice=advice)


def failure(name: str, said: str, advice: str) -> Check:
    """It does not run like this."""
    return Check(name=name, state="FAIL", said=said, advice=advice)


def from_error(name: str, error: Exception) -> Check:
    """An error of ours says in one line what is wrong, and after a colon what to do."""
    said, _, advice = str(error).partition("\n")[0].rpartition(": ")
    return failure(name, said or advice, advice)


def go(checks: Iterable[Check]) -> bool:
    """Whether nothing failed."""
    return all(check.state != "FAIL" for check in checks)


def show(checks: Sequence[Check]) -> Table:
    """The list for a terminal."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        told = Text(check.said)
        if check.advice and check.state != "OK":
            told.append(f"\n-> {check.advice}", "bold")
        table.add_row(Text(check.state, _COLORS[check.state]), check.name, told)
    return table
