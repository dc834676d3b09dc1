"""The entry of a table of NAICS prefixes that says most about a code: 7225 before 72 for a restaurant."""

from collections.abc import Collection

from leadspiders.rules.industries import sector


def longest_prefix(code: str, table: Collection[str]) -> str | None:
    """The longest entry that `code` (2 to 6 digits, or a joined sector such as `31-33`) starts with, or None."""
    if code in table:
        return code
    for length in range(min(len(code), 6), 1, -1):
        if code[:length] in table:
            return code[:length]
    joined = sector(code)
    return joined if joined in table else None
