"""Reads QCEW files row by row: quarterly and annual slices, bulk files with titles, by-size files.

Columns are found by name, since the same measure has three names and bulk files have more columns. A measure that BLS
withholds is written as 0: the disclosure code beside it decides whether a number is one.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leadspiders.apis.bls.contract import check
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Reply, host
from leadspiders.apis.records import Broken, Refuse, put_aside, table_rows
from leadspiders.errors import NotPublished, Unreadable
from leadspiders.items.market_cell import MarketCell

KEYS = ("area_fips", "own_code", "industry_code", "agglvl_code", "size_code", "year", "qtr", "disclosure_code")
# Slices and bulk files, quarterly and annual ones name the same measure differently.
ESTABLISHMENTS = ("qtrly_estabs", "qtrly_estabs_count", "annual_avg_estabs", "annual_avg_estabs_count")
EMPLOYMENT = ("month3_emplvl", "annual_avg_emplvl")
TOTAL_WAGES = ("total_qtrly_wages", "total_annual_wages")
WEEKLY_WAGE = ("avg_wkly_wage", "annual_avg_wkly_wage")
TITLES = frozenset({"area_title", "own_title", "industry_title", "agglvl_title", "size_title"})
DOCUMENTED = re.compile(
    r"(lq_|oty_)?(disclosure_code|(month[123]|annual_avg)_emplvl|(qtrly|annual_avg)_estabs(_count)?"
    r"|(total|taxable)_(qtrly|annual)_wages|(qtrly|annual)_contributions|(annual_)?avg_wkly_wage|avg_annual_pay)"
    r"(_chg|_pct_chg)?"
)


def read_slice(
    reply: Reply, *, extras: bool = False, drift: Drift | None = None, refuse: Refuse | None = None
) -> Iterator[MarketCell]:
    """The cells of a reply; raises at the first cell what `check` and `read_rows` raise."""
    check(reply)
    if reply.text.lstrip()[:1] == "<":
        raise Unreadable(f"{host(reply.url)} answered a web page where a CSV slice was asked for", status=reply.status)
    yield from read_rows(io.StringIO(reply.text, newline=""), extras=extras, drift=drift, refuse=refuse)


def read_rows(
    lines: Iterable[str], *, extras: bool = False, drift: Drift | None = None, refuse: Refuse | None = None
) -> Iterator[MarketCell]:
    """The cells of a CSV file, as its lines come in.

    A withheld measure is None: with code `N` the number of establishments stays, with any other code it goes too.
    `extras` keeps the columns a cell has no field for, as far as the code of their group lets them. A row that cannot
    be read goes to `refuse`, or raises `Unreadable` where there is none to take it; a header without rows raises
    `NotPublished`.
    """
    rows = table_rows(lines)
    header = next(rows, None)
    if header is None:
        raise Unreadable("the file is empty: a QCEW file starts with a line of column names")
    layout = read_header([name.removeprefix("\ufeff").strip(' "') for name in header], drift)
    count = 0
    for row in rows:
        if not row:
            continue
        count += 1
        try:
            cell = layout.cell(row, extras=extras)
        except ValueError as error:
            put_aside(Broken(index=count - 1, reason=f"row {count}: {error}", raw=",".join(row)), refuse)
        else:
            yield cell
    if not count:
        raise NotPublished("the file has a header and no rows: BLS has nothing for this period")


def read_header(header: list[str], drift: Drift | None = None) -> "Layout":
    """Where each column stands; raises `Unreadable` that names the first column that is not there."""
    places = {name: place for place, name in enumerate(header)}
    measures = []
    for names in (*((key,) for key in KEYS), ESTABLISHMENTS, EMPLOYMENT, TOTAL_WAGES, WEEKLY_WAGE):
        found = next((name for name in names if name in places), None)
        if found is None:
            wanted = " or ".join(names)
            raise Unreadable(f"the file has no column {wanted}: it is no QCEW file, or BLS has changed its columns")
        measures.append(found)
    if drift is not None:
        unknown = [name for name in header if name not in {*KEYS, *TITLES} and not DOCUMENTED.fullmatch(name)]
        # A file cut to the first columns lacks nothing; a group of columns without its own code cannot be read.
        groups = {name.split("_", 1)[0] for name in header} & {"lq", "oty"}
        missing = [code for group in sorted(groups) if (code := f"{group}_disclosure_code") not in places]
        for name in unknown:
            drift.note("bls", name, "unknown")
        for name in missing:
            drift.note("bls", name, "missing")
        drift.looked_at("bls", differs=bool(missing))
    others = [name for name in header if name not in measures and not name.endswith("disclosure_code")]
    return Layout(
        width=len(header),
        keys=tuple(places[name] for name in measures[: len(KEYS)]),
        measures=tuple(places[name] for name in measures[len(KEYS) :]),
        others=tuple((name, places[name], _code_place(name, places), "_estabs" in name) for name in others),
    )


def _code_place(name: str, places: dict[str, int]) -> int | None:
    """Where the disclosure code stands that rules over a column; titles are ruled by none."""
    if name in TITLES:
        return None
    own = f"{name.split('_', 1)[0]}_disclosure_code"
    return places.get(own, places["disclosure_code"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The places of a file's columns.

    `others` has name, place, place of the ruling code, and whether the column counts establishments.
    """

    width: int
    keys: tuple[int, ...]
    measures: tuple[int, ...]
    others: tuple[tuple[str, int, int | None, bool], ...]

    def cell(self, row: list[str], *, extras: bool) -> MarketCell:
        """One row as a cell; raises `ValueError` for a row of another length or a measure that is no number."""
        if len(row) != self.width:
            raise ValueError(f"{len(row)} columns where the header has {self.width}")
        area, own, industry, level, size, year, qtr, code = [row[place].strip() for place in self.keys]
        establishments, employment, total_wages, weekly_wage = [row[place] for place in self.measures]
        return MarketCell(
            area_fips=area,
            own_code=own,
            industry_code=industry,
            agglvl_code=level,
            size_code=size,
            year=int(year),
            qtr=qtr.upper(),
            disclosure_code=code,
            establishments=whole(establishments) if code in {"", "N"} else None,
            employment=None if code else whole(employment),
            total_wages=None if code else whole(total_wages),
            avg_weekly_wage=None if code else whole(weekly_wage),
            extras=self.published(row, code) if extras else {},
        )

    def published(self, row: list[str], code: str) -> dict[str, str | float]:
        """The other columns of a row that are not withheld.

        A row without data (`-`) has none: its change of -100 % against the year before is the absence itself.
        """
        kept: dict[str, str | float] = {}
        for name, place, ruler, counts in self.others:
            value = row[place].strip()
            if ruler is None:
                kept[name] = value
            elif value and code in {"", "N"}:
                ruling = row[ruler].strip()
                if not ruling or (ruling == "N" and counts):
                    kept[name] = number(value)
        return kept


def whole(text: str) -> int | None:
    """A count or an amount in whole dollars; None for a blank. Raises `ValueError` for what is no whole number."""
    try:
        return int(text)
    except ValueError:
        text = text.strip()
        if not text:
            return None
        value = float(text)
        if not value.is_integer():
            raise ValueError(f"{text} is no whole number") from None
        return int(value)


def number(text: str) -> str | float:
    """A measure as a number (a ratio has decimals), or the text of a column that is none."""
    try:
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError:
        return text
