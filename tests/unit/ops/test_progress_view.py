import io

import pytest
from rich.console import Console

from leadspiders.ops.progress_view import Aim, Moment, fingerprint, line, picture, seconds_left

AIM = Aim(title="Performance marketers", goal=2000, per_hour=834, cap_usd=10_000, credits={"apollo": 20_000})


def drawn(moment, aim, width):
    console = Console(width=width, file=io.StringIO(), record=True)
    console.print(picture(moment, aim, width))
    return console.export_text()


@pytest.fixture
def moment(status, delivered):
    return Moment(status=status, delivered=delivered, elapsed=4690)


@pytest.mark.parametrize("width", [60, 80, 140])
def test_every_figure_is_there_and_nothing_is_cut_at_any_width(moment, width):
    text = drawn(moment, AIM, width)

    assert max(len(row) for row in text.splitlines()) <= width
    assert "…" not in text
    for figure in ("2,010 of 2,000", "1,546/h (goal 834/h)", "$412.60 of $10,000 cap", "2,110 of 20,000", "12 (0.5 %)"):
        assert figure in text
    for figure in ("1,962 delivered, 8 failed", "qualified    1,702", "merged        88", "1:18:10 elapsed"):
        assert figure in text


def test_before_the_first_record_everything_is_empty_and_nothing_divides_by_zero(status):
    nothing = status | {
        "seen": 0,
        "stored": 0,
        "merged": 0,
        "refused": {},
        "parked": {},
        "suppressed": 0,
        "pending": 0,
        "errors": 0,
        "leads": dict.fromkeys(status["leads"], 0),
        "rate_per_hour": 0,
        "quality_avg": None,
        "spend_usd": 0,
        "credits": {},
    }
    text = drawn(Moment(status=nothing, delivered={}), AIM, 60)

    assert "0 of 2,000" in text
    assert "ETA unknown" in text
    assert "elapsed" not in text


def test_a_title_is_text_not_markup(moment):
    assert "[bold]x[/]" in drawn(moment, Aim(title="[bold]x[/]", goal=1), 60)


def test_the_line_says_the_same_without_color(moment):
    said = line(moment, AIM)

    assert said.startswith("1:18:10  ready 2,010/2,000 (100 %)  1,546/h  goal reached")
    assert "errors 12  workers 4" in said


def test_the_time_left_follows_the_pace():
    assert seconds_left(2000, 500, 1500) == 3600
    assert seconds_left(2000, 2000, 0) == 0
    assert seconds_left(2000, 500, 0) is None


def test_only_counts_make_a_new_line_worth_printing(moment, status, delivered):
    later = Moment(status=status | {"rate_per_hour": 7}, delivered=delivered, elapsed=9999)
    more = Moment(status=status | {"seen": 2301}, delivered=delivered, elapsed=4690)

    assert fingerprint(later) == fingerprint(moment)
    assert fingerprint(more) != fingerprint(moment)
