"""A campaign: everything that differs between two uses of this product, as one frozen object."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from leadspiders.campaigns.delivery import Delivery
from leadspiders.campaigns.goals import Goals
from leadspiders.campaigns.names import Text
from leadspiders.campaigns.scoring import Scoring
from leadspiders.campaigns.sources import Sources
from leadspiders.campaigns.spending import Budget, Providers
from leadspiders.campaigns.table import Table
from leadspiders.campaigns.target import Target
from leadspiders.campaigns.upkeep import Alerts, Retention

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,62}$"


class Campaign(Table):
    """`name` and `source_file` come from the file's own name; all the rest is written in it."""

    name: Annotated[str, StringConstraints(pattern=NAME_PATTERN)] = Field(description="the file's name without .toml")
    source_file: str = Field(description="where it was read")
    title: Text = Field(description="a name for people")
    description: Text = Field(description="one or two sentences: who is looked for, and what for")
    lead: Literal["contact", "company"] = Field(description="what is counted as one lead: a person or an employer")
    target: Target = Field(description="whom to look for")
    sources: Sources = Field(description="where to look")
    providers: Providers = Field(default=Providers(), description="who fills gaps, in which order")
    budget: Budget = Field(description="what it may cost")
    scoring: Scoring = Field(description="how leads are judged")
    goals: Goals = Field(description="what it is measured by")
    delivery: Delivery = Field(default=Delivery(), description="who receives the leads")
    retention: Retention = Field(default=Retention(), description="how long data is kept")
    alerts: Alerts = Field(default=Alerts(), description="what raises an alarm")

    @model_validator(mode="after")
    def _can_start(self) -> Self:
        if not self.sources.enabled():
            raise PydanticCustomError("elsewhere", "none is enabled: set enabled = true in one", {"key": ("sources",)})
        if self.sources.apollo.enabled and not (self.target.titles or self.target.seniorities):
            raise PydanticCustomError(
                "elsewhere", "name titles or seniorities: sources.apollo looks for people", {"key": ("target",)}
            )
        return self
