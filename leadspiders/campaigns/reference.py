"""The page `docs/reference/campaign-file.md`, written from the model so that it cannot say anything else.

`python -m leadspiders.campaigns.reference > docs/reference/campaign-file.md` writes it anew.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from leadspiders.campaigns.loader import SET_BY_LOADER
from leadspiders.campaigns.model import Campaign

HEAD = """\
# The campaign file

One TOML file says whom to look for, where, at what cost, and who receives the leads. The file's name without `.toml` is
the campaign's name (lower-case letters, digits, `_`). Files in the folder `LEADS_CAMPAIGNS_DIR` win over the campaigns
that come with the package, `performance_marketers` and `dpc_employers`; copy one of these to begin.

    scrapy campaigns                         # what there is
    scrapy campaigns check NAME_OR_FILE      # what is wrong with it, by file, line and key

An unknown key, a wrong type and an impossible value are refused before the first request. A key without a default must
be there, if its table is.
"""
_KINDS = {"integer": "whole number", "number": "number", "boolean": "true or false", "string": "text", "null": ""}
_LIMITS = {"minimum": "from {}", "exclusiveMinimum": "more than {}", "maximum": "to {}"}

Schema = Mapping[str, Any]


def reference() -> str:
    """The whole page in Markdown, one section a table, in the order of the file."""
    schema = Campaign.model_json_schema()
    top = {**schema, "properties": {k: v for k, v in schema["properties"].items() if k not in SET_BY_LOADER}}
    return HEAD + "".join(_sections("", top, schema["$defs"]))


def _sections(path: str, table: Schema, tables: Mapping[str, Schema]) -> Iterator[str]:
    told = " ".join(table["description"].split()) if path else "These stand at the top of the file, before any table."
    yield f"\n## {f'`[{path}]`' if path else 'Top of the file'}\n{told}\n\n"
    yield "| key | value | default | meaning |\n|---|---|---|---|\n"
    inner: list[tuple[str, Schema]] = []
    for key, field in table["properties"].items():
        below = _table_in(field, tables)
        if below:
            free_name = ".NAME" if "additionalProperties" in field else ""
            inner.append((f"{path}.{key}{free_name}".lstrip("."), below))
        kind = f"table `[{inner[-1][0]}]`" if below else _kind(field)
        default = "" if key in table.get("required", ()) else _default(field)
        yield f"| `{key}` | {kind} | {default} | {field['description']} |\n"
    for name, schema in inner:
        yield from _sections(name, schema, tables)


def _table_in(field: Schema, tables: Mapping[str, Schema]) -> Schema | None:
    """The table that a field holds, by itself, as one of several kinds, or under free names."""
    inside = field.get("additionalProperties")
    for part in [field, *field.get("anyOf", ()), *([inside] if isinstance(inside, dict) else [])]:
        if "$ref" in part:
            return tables[part["$ref"].rsplit("/", 1)[1]]
    return None


def _kind(field: Schema) -> str:
    if "anyOf" in field:
        return " or ".join(kind for kind in map(_kind, field["anyOf"]) if kind)
    if "enum" in field:
        return ", ".join(f"`{name}`" for name in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    if field.get("type") == "array":
        return f"list of {_kind(field['items'])}"
    if field.get("type") == "object":
        names = _kind(field["propertyNames"]) if "enum" in field.get("propertyNames", {}) else "NAME"
        return f"table of {names} = {_kind(field['additionalProperties'])}"
    limits = [words.format(f"{field[limit]:,}") for limit, words in _LIMITS.items() if limit in field]
    return " ".join([_KINDS[field["type"]], *limits])


def _default(field: Schema) -> str:
    value = field.get("default")
    if isinstance(value, dict):  # a table that stands for itself: its own keys say their defaults
        return "as below"
    return f"`{json.dumps(value)}`" if value not in (None, []) else "none"


if __name__ == "__main__":
    sys.stdout.write(reference())
