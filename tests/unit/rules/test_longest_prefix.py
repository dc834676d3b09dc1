import pytest

from leadspiders.rules.longest_prefix import longest_prefix


@pytest.mark.parametrize(
    ("code", "table", "found"),
    [
        ("722511", ("72", "7225"), "7225"),
        ("721110", ("72", "7225"), "72"),
        ("72", ("72", "7225"), "72"),
        ("332710", ("31-33",), "31-33"),
        ("332710", ("31-33", "332"), "332"),
        ("31-33", ("31-33",), "31-33"),
        ("455", ("44-45",), "44-45"),
        ("492", ("48-49",), "48-49"),
        ("541611", ("5",), None),
        ("541611", ("52", "55"), None),
        ("541611", (), None),
        ("", ("54",), None),
        ("722511999", ("722511",), "722511"),
    ],
)
def test_the_longest_entry_that_fits_is_found(code, table, found):
    assert longest_prefix(code, table) == found
