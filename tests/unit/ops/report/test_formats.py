import json

import pytest

from leadspiders.errors import ArgumentError
from leadspiders.ops.report.formats import FORMATS, KINDS, check, write


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_format_is_written_where_it_was_asked_for(report, tmp_path, file_format):
    path = write(report, file_format, tmp_path / "new" / "folder")

    assert path == tmp_path / "new" / "folder" / f"performance_marketers-final.{file_format}"
    assert report.verdict.headline in path.read_text(encoding="utf-8")


def test_json_has_the_figures_and_the_verdict(report, tmp_path):
    figures = json.loads(write(report, "json", tmp_path).read_text(encoding="utf-8"))

    assert figures["status"]["seen"] == 2300
    assert figures["verdict"]["reached"] is False
    assert figures["made_at"] == "2026-03-02T10:48:00+00:00"


@pytest.mark.parametrize(("kind", "file_format", "available"), [("final", "pdf", FORMATS), ("weekly", "html", KINDS)])
def test_what_there_is_not_is_refused_with_what_there_is(kind, file_format, available):
    with pytest.raises(ArgumentError, match=", ".join(available)):
        check(kind, file_format)


def test_a_folder_that_cannot_be_made_is_one_line(report, tmp_path):
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(ArgumentError, match="cannot write it"):
        write(report, "json", tmp_path / "taken")
