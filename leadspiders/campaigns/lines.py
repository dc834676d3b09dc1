"""Which line of a campaign file a key stands on: the TOML reader gives values without their place."""

import re

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"^\s*\[\s*({_DOTTED})\s*\]\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(rf"({_DOTTED})\s*=(?!=)")
_STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
_LONG_QUOTES = ('"""', "'''")

Key = tuple[str, ...]


def key_lines(text: str) -> dict[Key, int]:
    """Line (from 1) of each table and key of a text that is valid TOML; keys of inline tables have their own entry.

    A scan, not a parser: long strings and the insides of arrays are skipped, so that nothing in them looks like a key.
    """
    lines: dict[Key, int] = {}
    table: Key = ()
    closing: str | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if closing:
            closing = None if closing in line else closing
            continue
        if header := _HEADER.match(line):
            table = _parts(header[1])
            _note(table, number, lines)
        elif assignment := _ASSIGNMENT.match(line.lstrip()):
            key = table + _parts(assignment[1])
            _note(key, number, lines)
            value = line.lstrip()[assignment.end() :].strip()
            closing = next((q for q in _LONG_QUOTES if value.startswith(q) and value.count(q) == 1), None)
            if value.startswith("{"):
                _note_inline(key, value, number, lines)
    return lines


def line_of(key: Key, lines: dict[Key, int]) -> int:
    """The line of a key, or of the nearest table around it (1 when there is none)."""
    while key:
        if key in lines:
            return lines[key]
        key = key[:-1]
    return 1


def _note(key: Key, number: int, lines: dict[Key, int]) -> None:
    """The key, and the tables around it that have no header of their own: they begin where their first key does."""
    for length in range(1, len(key) + 1):
        lines.setdefault(key[:length], number)


def _note_inline(table: Key, value: str, number: int, lines: dict[Key, int]) -> None:
    # A string value may hold "a = b": strings that are no key are blanked before the search.
    bare = _STRING.sub(lambda found: found[0] if re.match(r"\s*=", value[found.end() :]) else '""', value)
    for assignment in _ASSIGNMENT.finditer(bare):
        _note(table + _parts(assignment[1]), number, lines)


def _parts(dotted: str) -> Key:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
