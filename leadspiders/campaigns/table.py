"""The one set of manners of every table in a campaign file: no unknown key, no silent conversion, no change later."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Strict

T = TypeVar("T")

Many = Annotated[tuple[T, ...], Strict(strict=False)]
"""A TOML array of T. Strict mode wants tuples, TOML gives lists: only that one conversion is allowed."""


class Table(BaseModel):
    """A `[table]` of a campaign file; `nan` and `inf`, which TOML can write, are no amounts."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)
