"""One line of a score."""

from leadspiders.items.scores import Points
from leadspiders.rules.score_line import line


def test_a_line_says_points_most_and_why():
    wanted = Points(points=15, reason="e-mail", evidence="15 of 30: it may bounce")
    assert line("e-mail", 15, 30, "it may bounce") == wanted
