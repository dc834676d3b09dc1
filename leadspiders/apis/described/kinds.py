"""The kinds of text that a description is made of; what is no such text is refused with what to write instead."""

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, JsonValue
from pydantic_core import PydanticCustomError

from leadspiders.campaigns.names import Fillable
from leadspiders.campaigns.problems import nearest

Placeholder = Literal["email", "first_name", "last_name", "full_name", "domain", "company_name", "linkedin_url"]
PLACEHOLDERS: tuple[str, ...] = get_args(Placeholder)
FIELDS: tuple[str, ...] = (*get_args(Fillable), "email_status", "first_name", "last_name", "company_name")
"""What an answer may fill."""

IN_BRACES = re.compile(r"\{([^{}]*)\}")


def refused(why: str) -> PydanticCustomError:
    """The error for a text, with the words that the user reads."""
    return PydanticCustomError("elsewhere", "{why}", {"why": why})


def texts(value: Any) -> Iterator[str]:
    """Every text inside a JSON value, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def _like(pattern: str, why: str) -> AfterValidator:
    form = re.compile(pattern)

    def judge(text: str) -> str:
        if not form.fullmatch(text):
            raise refused(f'"{text}" {why}')
        return text

    return AfterValidator(judge)


def _named(known: tuple[str, ...]) -> Callable[[str], str]:
    def judge(name: str) -> str:
        if name not in known:
            raise refused(f'"{name}" is no field; {nearest(name, known)}')
        return name

    return judge


def _template(text: str) -> str:
    for name in IN_BRACES.findall(text):
        if name not in PLACEHOLDERS:
            raise refused(f"{{{name}}} is no placeholder; {nearest(name, PLACEHOLDERS)}")
    if set(IN_BRACES.sub("", text)) & set("{}"):
        raise refused("a brace is opened or closed alone")
    return text


def _templates(value: JsonValue) -> JsonValue:
    for text in texts(value):
        _template(text)
    return value


Template = Annotated[str, AfterValidator(_template)]
"""A text in which each pair of braces holds the name of something that a lead has."""
Path = Annotated[str, _like(r"/.*", "is no path: it starts with /"), AfterValidator(_template)]
Body = Annotated[dict[str, JsonValue], AfterValidator(_templates)]
ShortName = Annotated[str, _like(r"[a-z][a-z0-9_]{0,29}", "is no short name: lower-case letters, digits and _ only")]
BaseUrl = Annotated[
    str,
    _like(
        r"https://[^\s?#/]+[^\s?#]*|http://(127\.0\.0\.1|localhost)([:/][^\s?#]*)?",
        "is no base URL: https://, a host, and no query",
    ),
]
KeyName = Annotated[
    str, _like(r"[A-Z][A-Z0-9_]*_(KEY|TOKEN|SECRET)", "is no environment name of a key, such as PEOPLE_API_KEY")
]
FieldName = Annotated[str, AfterValidator(_named(FIELDS))]
Pointer = Annotated[
    str,
    _like(r"(/[^\s/]*)+|[^\s./]+(\.[^\s.]+)*", "is no place in a reply, such as people.0.email or /person/email"),
]
