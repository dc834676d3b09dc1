"""The formats and kinds of a report that can be asked for, and how one gets onto disk."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from pkgutil import resolve_name

from leadspiders.errors import ArgumentError
from leadspiders.ops.report.data import ReportData

FORMATS = {
    "html": "leadspiders.ops.report.page:page",
    "json": "leadspiders.ops.report.formats:as_json",
}
"""Format, also the file's ending, -> function from `ReportData` to text; by path, as charts are slow to import."""

KINDS = ("final",)


def check(kind: str, file_format: str) -> None:
    """Raises `ArgumentError` for what there is no report of."""
    if kind not in KINDS:
        raise ArgumentError(f"--kind {kind}: there is {', '.join(KINDS)}")
    if file_format not in FORMATS:
        raise ArgumentError(f"--format {file_format}: there is {', '.join(FORMATS)}")


def write(data: ReportData, file_format: str, directory: Path) -> Path:
    """Write the report into `directory`, made if it is not there; the last one of its kind is replaced."""
    draw: Callable[[ReportData], str] = resolve_name(FORMATS[file_format])
    path = directory / f"{data.campaign}-{data.kind}.{file_format}"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        path.write_text(draw(data), encoding="utf-8")
    except OSError as error:
        raise ArgumentError(f"{path}: cannot write it: {error.strerror or error}") from error
    return path


def as_json(data: ReportData) -> str:
    """The report as one JSON object: the fields of `ReportData`, times in ISO 8601."""
    figures = asdict(data)
    figures["verdict"]["reached"] = data.verdict.reached
    return json.dumps(figures, ensure_ascii=False, default=datetime.isoformat)
