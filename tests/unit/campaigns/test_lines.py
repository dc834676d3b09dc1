import tomllib

import pytest

from leadspiders.campaigns.lines import key_lines, line_of

TEXT = '''\
title = "a # b = c"
"quoted key" = 1

[table]  # comment
key = [
    "x = y",
    "[no.table]",
]
long = """
key2 = 1
[no]
"""
after = 1
one_line_long = """x = 1"""
last = 1
 [ spaced . "inner" ]
  indented.dotted = 1
inline = { a = 1, "b" = { c = "d = e" } }
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("title",), 1),
        (("quoted key",), 2),
        (("table",), 4),
        (("table", "key"), 5),
        (("table", "long"), 9),
        (("table", "after"), 13),
        (("table", "one_line_long"), 14),
        (("table", "last"), 15),
        (("spaced",), 16),
        (("spaced", "inner"), 16),
        (("spaced", "inner", "indented"), 17),
        (("spaced", "inner", "indented", "dotted"), 17),
        (("spaced", "inner", "inline", "a"), 18),
    ],
)
def test_a_key_is_found_on_its_line(key, line):
    assert tomllib.loads(TEXT)
    assert key_lines(TEXT)[key] == line


def test_text_that_looks_like_keys_is_none():
    keys = key_lines(TEXT)
    assert not {("no",), ("no", "table"), ("table", "key2"), ("table", "x")} & set(keys)
    assert ("spaced", "inner", "inline", "d") not in keys


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("table", "key", "0"), 5),
        (("table", "missing"), 4),
        (("nowhere", "at", "all"), 1),
        ((), 1),
    ],
)
def test_what_has_no_line_of_its_own_has_that_of_the_table_around_it(key, line):
    assert line_of(key, key_lines(TEXT)) == line
