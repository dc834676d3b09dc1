import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from leadspiders.ops.plan_against import Compared
from leadspiders.ops.report.page import page
from leadspiders.rules.plan import Spread

VOID = {"meta", "br", "link", "img", "hr", "use", "path"}


class Reader(HTMLParser):
    """Collects what a browser would fetch, and whether every element is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.links = [], set(), []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [value for name, value in attributes if name in {"src", "href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def read():
    def _read(html):
        reader = Reader()
        reader.feed(html)
        reader.close()
        return reader

    return _read


PLANNED = Compared(what="hubspot calls", unit="calls", forecast=Spread(31, 31, 31), actual=34)


@pytest.mark.parametrize("compared", [[], [PLANNED]])
def test_the_page_is_whole_and_needs_nothing_but_itself(report, read, compared):
    html = page(replace(report, compared=compared))
    reader = read(html)

    assert reader.open == []
    assert not reader.tags & {"script", "link", "img", "iframe"}
    assert not re.search(r"@import|url\((?!#)", html)
    assert all(link.startswith("#") for link in reader.links)
    assert ("Forecast against actual" in html) == bool(compared)


def test_what_strangers_called_themselves_is_text(report):
    html = page(report)

    assert "Harbor &amp; Loom &lt;Outfitters&gt;" in html
    assert "<Outfitters>" not in html


def test_every_part_of_the_report_is_there(report):
    html = page(report)

    for heading in (
        "Leads per minute",
        "From record to lead",
        "Quality of the data",
        "Fit",
        "Acceptance",
        "What to do next",
    ):
        assert f"<h2>{heading}" in html
    for heading in (
        "Spent by provider",
        "E-mail addresses",
        "Top companies",
        "Top metros",
        "Top titles",
        "Refused",
        "Parked",
    ):
        assert f"<h2>{heading}" in html
    assert report.verdict.headline in html
    assert "No real person is in here" in html
    assert "dashed: qualified from 75" in html
    assert "<code>scrapy leads performance_marketers -O leads.xlsx</code>" in html


def test_a_campaign_that_has_nothing_yet_has_a_page(report, read):
    leads = dict.fromkeys(report.status["leads"], 0)
    empty = report.status | {
        "seen": 0,
        "stored": 0,
        "merged": 0,
        "refused": {},
        "parked": {},
        "leads": leads,
        "quality_avg": None,
    }
    nothing = replace(
        report,
        status=empty,
        delivered={},
        per_minute=(),
        quality={},
        fit={},
        spend=(),
        emails=(),
        companies=(),
        metros=(),
        titles=(),
        samples=(),
    )

    html = page(nothing)

    assert read(html).open == []
    assert "no lead yet" in html
    assert "nothing was bought" in html
