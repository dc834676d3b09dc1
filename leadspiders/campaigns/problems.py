"""What is wrong with a campaign file, one line a problem: file, line, key, what to do and the nearest valid name."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from leadspiders.campaigns.lines import key_lines, line_of

MOST_SHOWN = 10
_WORDS = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list in [ ]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "finite_number": "must be a finite number",
}
_PLAIN = {
    "missing": "is missing: it has no default",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}
_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def explain(error: ValidationError, model: type[BaseModel], data: Mapping[str, Any], text: str, file: str) -> str:
    """One line a problem, at most `MOST_SHOWN`, in the order of the file. `text` is the file, `data` what it says."""
    lines = key_lines(text)
    found: list[tuple[int, str]] = []
    for detail in error.errors(include_url=False):
        key = _key(detail["loc"], data) + tuple(detail.get("ctx", {}).get("key", ()))
        found.append((line_of(key, lines), f"{'.'.join(key) or 'campaign'}: {_message(detail, model, key)}"))
    told = [f"{file}:{line}: {message}" for line, message in sorted(found, key=lambda problem: problem[0])]
    more = len(told) - MOST_SHOWN
    return "\n".join(told[:MOST_SHOWN] + ([f"{file}: {more} more: mend these first"] if more > 0 else []))


def nearest(name: str, known: Sequence[str]) -> str:
    """`did you mean "x"?` when one is near, else the list of valid names."""
    # 60 of 100 joins "titels" with "titles" and "HubSpot CRM" with "hubspot", but not "NYC" with "New York".
    match = process.extractOne(name, known, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=60)
    meant = known[0] if len(known) == 1 else match and match[0]
    return f'did you mean "{meant}"?' if meant else f"valid: {', '.join(known)}"


def _key(location: tuple[int | str, ...], data: Any) -> tuple[str, ...]:
    """The dotted key of an error: pydantic adds `[key]` and the names of union members, which no file contains."""
    key: list[str] = []
    for part in location:
        if isinstance(data, Mapping):
            if part == "[key]":
                continue
            key.append(str(part))
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            key.append(str(part))
            data = data[part] if part < len(data) else None
    return tuple(key)


def _message(detail: ErrorDetails, model: type[BaseModel], key: tuple[str, ...]) -> str:
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    match kind:
        case "extra_forbidden":
            return f"unknown key; {nearest(key[-1], _keys_of(model, key[:-1]))}"
        case "literal_error" | "unknown_name":
            known = re.findall(r"'([^']*)'", str(context["expected"]))
            why = detail["msg"] if kind == "unknown_name" else "not known here"
            return f"{_shown(given)} is {why}; {nearest(str(given), known)}"
        case "value_error" | "elsewhere":
            return str(context.get("error", detail["msg"]))
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in _LIMITS:
        limit, words = _LIMITS[kind]
        return f"must be {words} {context[limit]:g}, not {_shown(given)}"
    return f"{_WORDS[kind]}, not {_shown(given)}" if kind in _WORDS else f"{_shown(given)}: {detail['msg']}"


def _keys_of(model: Any, key: Sequence[str]) -> list[str]:
    """The valid keys of the table at `key`, found by walking the annotations of the model."""
    for part in key:
        if isinstance(model, type) and issubclass(model, BaseModel):
            model = model.model_fields[part].annotation
        else:  # a table with free names: all of its values are of one kind
            model = get_args(model)[-1]
        model = next((kind for kind in get_args(model) if _is_table(kind)), model) if not _is_dict(model) else model
    return list(model.model_fields) if _is_table(model) else []


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _is_dict(kind: Any) -> bool:
    return get_origin(kind) is dict


def _shown(value: Any) -> str:
    """A value as it would stand in the file, cut to a readable length."""
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
