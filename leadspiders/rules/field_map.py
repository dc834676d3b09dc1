"""A field map says which column of somebody's file is which field of ours: one TOML file a kind of export.

Every column is mapped, ignored by name or kept as it is in the extras, so that no column vanishes unsaid.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import fields
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from leadspiders.campaigns.names import Text
from leadspiders.campaigns.problems import explain, nearest
from leadspiders.campaigns.table import Many, Table
from leadspiders.errors import ArgumentError
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact

_SET_BY_US = {
    "extras", "lineage", "origin", "id", "known", "scores", "provider_key", "metro", "lead_state", "flags", "company",
    "last_name_masked", "decision_makers", "employee_min", "employee_max",
}  # fmt: skip
OF_COMPANY = "company."
CONTACT_FIELDS = (*(field.name for field in fields(Contact) if field.name not in _SET_BY_US), "location", "id")
COMPANY_FIELDS = (*(field.name for field in fields(Company) if field.name not in _SET_BY_US), "location", "id")
FIELDS = (*CONTACT_FIELDS, *(OF_COMPANY + name for name in COMPANY_FIELDS))
"""What a map may name. `location` is a place in one line, `id` the row's id in the file's own system."""

_DATA, _PREFIX = "leadspiders.rules", "map_"


def _known_field(name: str) -> str:
    if name not in FIELDS:
        raise PydanticCustomError("unknown_name", "no field", {"expected": ", ".join(f"'{one}'" for one in FIELDS)})
    return name


FieldName = Annotated[str, AfterValidator(_known_field)]


class Joined(Table):
    """Several columns that make one field, in this order; empty ones are left out."""

    columns: Many[Text] = Field(min_length=1, description="the columns")
    separator: str = Field(default=" ", description="what stands between two of them")


class FieldMap(Table):
    """Columns are compared without regard to case, spaces and punctuation; one that the file lacks does no harm."""

    title: Text = Field(description="a name for people")
    lead: Literal["contact", "company"] = Field(default="contact", description="what one row is: a person, an employer")
    ids_of: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")] | None = Field(
        default=None, description="the system that the ids are of, such as zoominfo; empty: the name of the source"
    )
    columns: dict[Text, FieldName] = Field(
        default_factory=dict, description="column -> field; of several columns for one field the first that is filled"
    )
    joined: dict[FieldName, Joined] = Field(default_factory=dict, description="field -> the columns it is made of")
    constants: dict[FieldName, Text] = Field(
        default_factory=dict, description="field -> what it is in every row that does not say otherwise"
    )
    values: dict[FieldName, dict[Text, Text]] = Field(
        default_factory=dict, description="field -> a word of the file -> ours"
    )
    times: dict[FieldName, Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict, description="field -> factor, for numbers in thousands"
    )
    ignored: Many[Text] = Field(default=(), description="columns to leave out; all others are kept in the extras")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not (self.columns or self.joined):
            raise PydanticCustomError("elsewhere", "say which column is which field", {"key": ("columns",)})
        for table, name in self._named():
            if self.lead == "company" and not name.startswith(OF_COMPANY):
                told = f'{name} is a person\'s: a map with lead = "company" fills company.* only'
                raise PydanticCustomError("elsewhere", "{told}", {"told": told, "key": (table,)})
        for column in self.ignored:
            if column in self.columns:
                told = f'"{column}" is mapped as well: take it out of one of the two'
                raise PydanticCustomError("elsewhere", "{told}", {"told": told, "key": ("ignored",)})
        return self

    def fields(self) -> tuple[str, ...]:
        """Every field that a column is meant to fill, once, in the order of the map."""
        return tuple(dict.fromkeys((*self.columns.values(), *self.joined)))

    def _named(self) -> Iterator[tuple[str, str]]:
        yield from (("columns", name) for name in self.columns.values())
        for table in ("joined", "constants", "values", "times"):
            yield from ((table, name) for name in getattr(self, table))


def read_map(text: str, file: str) -> FieldMap:
    """The map in a TOML text; raises `ArgumentError` with a line for each problem, by file, line and key."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ArgumentError(f"{file}: is no valid TOML: {error}") from error
    try:
        return FieldMap.model_validate(data)
    except ValidationError as error:
        raise ArgumentError(explain(error, FieldMap, data, text, file)) from error


def bundled_names() -> list[str]:
    """The maps that come with the package."""
    folder = files(_DATA) / "data"
    names = (file.name for file in folder.iterdir())
    return sorted(
        name.removeprefix(_PREFIX).removesuffix(".toml")
        for name in names
        if name.startswith(_PREFIX) and name.endswith(".toml")
    )


def bundled(name: str) -> FieldMap:
    """A map of the package by its name (`zoominfo`)."""
    known = bundled_names()
    if name not in known:
        raise ArgumentError(f'no map is called "{name}"; {nearest(name, known)} (or give the path of a .toml file)')
    file = f"{_PREFIX}{name}.toml"
    return read_map((files(_DATA) / "data" / file).read_text(encoding="utf-8"), file)
