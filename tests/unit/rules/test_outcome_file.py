"""What CRMs export is read as it comes; what cannot be understood is told by line."""

from datetime import UTC, datetime

import pytest

from leadspiders.errors import ArgumentError
from leadspiders.rules.outcome_file import read


def test_an_export_is_read() -> None:
    text = '\ufeffEmail,Stage,Close Date,Amount\ndana@acme.com,Closed Won,2026-11-20,"$1,200.50"\nsam@acme.com,Lost,,\n'
    won, lost = [line.outcome for line in read(text)]
    assert won is not None
    assert (won.key, won.kind, won.at, won.value_usd) == (
        ("email", "dana@acme.com"), "won", datetime(2026, 11, 20, tzinfo=UTC), 1200.5,
    )  # fmt: skip
    assert lost is not None
    assert (lost.kind, lost.at, lost.value_usd) == ("lost", None, None)


def test_what_is_still_open_is_neither_an_outcome_nor_a_problem() -> None:
    (line,) = read("lead,outcome\ndana@acme.com,negotiation\n")
    assert (line.outcome, line.problem) == (None, "")


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (",won,,", "no lead"),
        ("?!,won,,", "names no lead"),
        ("a@b.com,won,soon,", "no date"),
        ("a@b.com,won,,much", "no amount"),
        ("a@b.com,won,,nan", "no amount"),
        ("a@b.com,won,,-5", "no amount"),
    ],
)
def test_a_line_that_cannot_be_understood_is_told(row: str, word: str) -> None:
    (line,) = read(f"lead,outcome,at,value\n{row}\n")
    assert line.number == 2
    assert word in line.problem


@pytest.mark.parametrize("text", ["", "name,city\nx,y\n", "email\nx@y.com\n"])
def test_a_file_without_the_two_columns_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError, match="first line"):
        list(read(text))


def test_the_surest_column_names_the_lead() -> None:
    text = "Domain,Email,Converted\nacme.com,dana@acme.com,yes\nacme.com,,no\n"
    assert [line.outcome.key.kind for line in read(text) if line.outcome] == ["email", "domain"]
