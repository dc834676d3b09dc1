"""QCEW rows as text: the columns in their order, quoted codes, bare numbers, and zeros for what is withheld."""

from collections.abc import Iterable

from leadspiders.sandbox.apis.bls_rows import Row
from leadspiders.sandbox.world.markets import Cell

CODES = ("area_fips", "own_code", "industry_code", "agglvl_code", "size_code", "year", "qtr", "disclosure_code")
_QUARTERLY = (
    "qtrly_estabs month1_emplvl month2_emplvl month3_emplvl total_qtrly_wages taxable_qtrly_wages qtrly_contributions "
    "avg_wkly_wage"
)
_ANNUAL = (
    "annual_avg_estabs annual_avg_emplvl total_annual_wages taxable_annual_wages annual_contributions "
    "annual_avg_wkly_wage avg_annual_pay"
)
BULK_TITLES = ("area_title", "own_title", "industry_title", "agglvl_title", "size_title")


def columns(quarter: str, *, bulk: bool = False) -> list[str]:
    """The header: 42 columns of a quarterly slice, 38 of an annual one, five more in bulk files."""
    names = (_ANNUAL if quarter == "a" else _QUARTERLY).split()
    if bulk:
        names = [name.replace("qtrly_estabs", "qtrly_estabs_count") for name in names]
    changes = [f"oty_{name}_{kind}" for name in names for kind in ("chg", "pct_chg")]
    titles = BULK_TITLES if bulk else ()
    return [*CODES, *titles, *names, "lq_disclosure_code", *(f"lq_{n}" for n in names), "oty_disclosure_code", *changes]


def line(row: Row, titles: Iterable[str] = ()) -> str:
    """A row as served; `titles` are the five of a bulk file."""
    spot, code = row.spot, row.disclosure
    now = _measures(row.cell, row.quarter)
    then = _measures(row.before, row.quarter) if row.before else now
    codes = [spot.area, spot.owner, spot.industry, str(spot.level), spot.size, str(row.year), row.quarter.upper(), code]
    group = _quoted("N" if code else "")
    shown = [0 if code == "-" or (code and index) else value for index, value in enumerate(now)]
    return ",".join(
        [
            *map(_quoted, [*codes, *titles]),
            *map(str, shown),
            group,
            *_quotients(code, len(now)),
            group,
            *_changes(code, now, then),
        ]
    )


def _quotients(code: str, count: int) -> list[str]:
    """The location quotients: every industry is as common everywhere in this world."""
    if not code:
        return ["1.00"] * count
    return ["0.00" if code == "-" else "1.00"] + ["0"] * (count - 1)


def _changes(code: str, now: list[int], then: list[int]) -> list[str]:
    """Change and percentage over the year; only that of the establishments is told of withheld rows."""
    if code == "-":
        return [str(-then[0]), "-100.0"] + ["0"] * (2 * len(now) - 2)
    told = [
        text
        for new, old in zip(now, then, strict=True)
        for text in (str(new - old), f"{100 * (new - old) / old if old else 0:.1f}")
    ]
    return told[:2] + ["0"] * (len(told) - 2) if code else told


def _measures(cell: Cell, quarter: str) -> list[int]:
    """The measures in the order of the columns; wages are whole dollars."""
    count, jobs, wages = round(cell.establishments), round(cell.jobs), round(cell.wages)
    weekly = round(wages / jobs / 13) if jobs else 0
    if quarter == "a":
        return [count, jobs, wages * 4, round(wages * 1.3), round(wages * 0.03), weekly, weekly * 52]
    return [
        count,
        round(jobs * 0.99),
        round(jobs * 0.995),
        jobs,
        wages,
        round(wages * 0.4),
        round(wages * 0.007),
        weekly,
    ]


def _quoted(text: str) -> str:
    return f'"{text}"'
