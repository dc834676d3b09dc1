"""What a file must say of a people or company API, so that it can be asked without a line of code.

A mistake in it is found before the first request: each line of the error names file, line, key and the nearest valid
name.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from leadspiders.apis.described import kinds
from leadspiders.apis.described.kinds import IN_BRACES, PLACEHOLDERS, Placeholder, Pointer, Template, texts
from leadspiders.campaigns.names import Text
from leadspiders.campaigns.problems import explain
from leadspiders.campaigns.table import Many, Table
from leadspiders.errors import ArgumentError
from leadspiders.items.contact import EmailStatus

Status = Annotated[int, Field(ge=400, le=499)]


class Request(Table):
    """The one call that asks about one lead. A parameter whose placeholder is empty is left out."""

    method: Literal["GET", "POST"] = Field(default="GET", description="how it is asked")
    path: kinds.Path = Field(description="path below the base URL")
    params: dict[Text, Template] = Field(default_factory=dict, description="query: name -> template")
    body: kinds.Body = Field(default_factory=dict, description="JSON body of a POST, templates at any depth")
    headers: dict[Text, Text] = Field(default_factory=dict, description="further headers; none of them secret")

    @model_validator(mode="after")
    def _body_needs_a_post(self) -> Self:
        if self.body and self.method == "GET":
            raise PydanticCustomError("elsewhere", 'a body needs method = "POST"', {"key": ("method",)})
        return self

    def placeholders(self) -> frozenset[str]:
        """What of a lead goes into the call."""
        parts = (self.path, *self.params.values(), *texts(self.body))
        return frozenset(name for text in parts for name in IN_BRACES.findall(text))


class Allowance(Table):
    """At most `calls` in `seconds`."""

    calls: int = Field(gt=0, description="calls")
    seconds: int = Field(gt=0, description="in so many seconds")


class NotFound(Table):
    """How the API says that it knows nothing; a 200 with nothing in any field that is read counts as well."""

    status: Many[Status] = Field(default=(), description="HTTP statuses that say it, such as 404")
    empty: Pointer | None = Field(default=None, description="nothing, null, false or empty at this place says it")


class Description(Table):
    """One API with one question. `name` tells several of them apart."""

    name: kinds.ShortName = Field(description="a short name")
    base_url: kinds.BaseUrl = Field(description="scheme and host, and a path prefix if there is one")
    auth: Literal["none", "header", "bearer", "basic"] = Field(default="none", description="how the key is sent")
    auth_header: Text = Field(default="X-Api-Key", description='name of the header when auth is "header"')
    key_name: kinds.KeyName | None = Field(
        default=None, description="environment name of the key, such as PEOPLE_API_KEY"
    )
    request: Request = Field(description="the call")
    needs: Many[Placeholder] = Field(
        default=(), description="what a lead must have to be asked about; empty: every placeholder"
    )
    fills: dict[kinds.FieldName, Pointer] = Field(
        min_length=1, description="field -> its place in the reply: person.email, people.0.title, or /person/email"
    )
    verdicts: dict[Text, EmailStatus] = Field(
        default_factory=dict, description="word for an e-mail status -> ours; any other word: unknown"
    )
    not_found: NotFound = Field(default=NotFound(), description="how the API says that it knows nothing")
    credits: Annotated[float, Field(gt=0, le=1000)] = Field(description="what one question costs")
    charged: Literal["found", "asked"] = Field(default="found", description="whether an empty answer is free")
    limits: Many[Allowance] = Field(min_length=1, description="what the API allows")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for problem, key in self._problems():
            raise PydanticCustomError("elsewhere", "{told}", {"told": problem, "key": key})
        return self

    def _problems(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        asked = self.request.placeholders()
        if not asked:
            yield f"nothing in it depends on the lead: use {{{'}, {'.join(PLACEHOLDERS)}}}", ("request",)
        if idle := [name for name in self.needs if name not in asked]:
            yield f"{', '.join(idle)} is needed but not sent: put {{{idle[0]}}} into the request", ("needs",)
        if optional := set(IN_BRACES.findall(self.request.path)) - set(self.needs or asked):
            yield f"{{{min(optional)}}} is in the path and must be in needs", ("needs",)
        if (self.auth == "none") != (self.key_name is None):
            yield 'auth other than "none" and key_name go together', ("auth",)
        if ("email_status" in self.fills) != bool(self.verdicts):
            yield "email_status in fills and the table verdicts go together", ("verdicts",)

    @property
    def api_name(self) -> str:
        """The name among all APIs."""
        return f"http_{self.name}"

    @property
    def needed(self) -> frozenset[str]:
        """What a lead must have."""
        return frozenset(self.needs) or self.request.placeholders()


def read_description(file: Path) -> Description:
    """The description in a TOML file; raises `ArgumentError` with a line for each problem."""
    try:
        text = file.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise ArgumentError(f"{file}: cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ArgumentError(f"{file}: is no valid TOML: {error}") from error
    try:
        return Description.model_validate(data)
    except ValidationError as error:
        raise ArgumentError(explain(error, Description, data, text, str(file))) from error
