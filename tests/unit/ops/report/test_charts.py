import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from leadspiders.ops.report.charts import BARS, histogram, timeline

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BAR = re.compile(r'<g id="patch_\d+">')


def test_a_chart_takes_its_colors_from_the_page_and_its_size_from_the_column():
    drawn = histogram({70: 3, 90: 8}, 75, "quality")
    root = ET.fromstring(drawn)

    assert set(re.findall(r"#[0-9a-f]{6}", drawn)) <= {"#000000"}  # of the invisible frame
    assert "var(--accent)" in drawn
    assert "width" not in root.attrib
    assert "viewBox" in root.attrib


def test_text_stays_text():
    assert ">8</text>" in histogram({90: 8}, None, "fit")


def test_two_charts_on_one_page_share_no_id_and_one_chart_is_always_the_same():
    first, again, other = (histogram({90: 8}, 75, name) for name in ("quality", "quality", "fit"))

    def clips(drawn):
        return set(re.findall(r'clipPath id="(\w+)"', drawn))

    assert first == again
    assert clips(first).isdisjoint(clips(other))


@pytest.mark.parametrize("minutes", [1, 5, 300, 60 * 24, 60 * 24 * 30])
def test_a_time_line_of_any_length_has_a_readable_number_of_bars(minutes):
    drawn = timeline([(START + timedelta(minutes=minute), 10) for minute in range(minutes)], 600)

    assert 1 <= drawn.count("var(--accent)") <= BARS


def test_a_coarser_time_line_still_shows_leads_per_minute():
    drawn = timeline([(START + timedelta(minutes=minute), 10) for minute in range(600)], None)

    assert max(float(number) for number in re.findall(r">(\d+)</text>", drawn) if len(number) < 3) <= 12
