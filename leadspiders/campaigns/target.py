"""Whom the campaign looks for: people by title and place, employers by size, kind and industry."""

from typing import Self

from pydantic import Field, model_validator

from leadspiders.campaigns.names import Country, Metro, Naics, Seniority, State, Text
from leadspiders.campaigns.table import Many, Table


class Between(Table):
    """A range of whole numbers; both ends belong to it."""

    min: int = Field(ge=0, le=10_000_000, description="smallest number that still belongs")
    max: int = Field(ge=1, le=10_000_000, description="largest number that still belongs")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min ({self.min}) is more than max ({self.max}): swap them")
        return self


class Target(Table):
    """Empty lists mean "all": nothing is filtered by them."""

    titles: Many[Text] = Field(default=(), description="job titles to look for")
    similar_titles: bool = Field(default=True, description="let the source add titles that mean the same")
    seniorities: Many[Seniority] = Field(default=(), description="levels to look for; empty: all")
    countries: Many[Country] = Field(default=("United States",), description="countries, spelled out")
    states: Many[State] = Field(default=(), description="two-letter codes of states; empty: all")
    metros: Many[Metro] = Field(default=(), description="metro areas that come first; a priority, never a filter")
    company_types: Many[Text] = Field(default=(), description="kinds of company that fit best")
    industries: Many[Text] = Field(default=(), description="industries in words, as the sources name them; empty: all")
    naics: Many[Naics] = Field(default=(), description="first 2 to 6 digits of NAICS codes to take; empty: all")
    employees: Between | None = Field(default=None, description="staff of the whole company; unknown is enriched first")
    contacts_per_company: Between | None = Field(default=None, description="how many people to find at one company")
