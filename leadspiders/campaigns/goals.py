"""What the campaign is measured by: volume, pace and price."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from leadspiders.campaigns.table import Table

Count = Annotated[int, Field(gt=0, le=1_000_000_000)]
Usd = Annotated[float, Field(gt=0)]


class Goals(Table):
    """Only goals that are given are measured."""

    leads: Count = Field(description="leads that are ready, at the end")
    hours: Annotated[float, Field(gt=0)] = Field(description="time to reach them")
    per_hour: Count = Field(description="leads an hour, at least")
    qualified_per_day: Count | None = Field(default=None, description="qualified leads a day, at least")
    qualified_per_week: Count | None = Field(default=None, description="qualified leads a week, at least")
    companies_per_hour: Count | None = Field(default=None, description="companies collected an hour, at least")
    cost_per_qualified_usd: Usd | None = Field(default=None, description="a qualified lead costs less than this")
    cost_per_enriched_usd: Usd | None = Field(default=None, description="a fully enriched lead costs less than this")
    stored_within_minutes: Usd = Field(default=2.0, description="from collection to the database")
    sandbox_leads: Count = Field(description="the goal of a rehearsal in the sandbox, which holds fewer people")

    @model_validator(mode="after")
    def _within_reach(self) -> Self:
        if self.per_hour * self.hours < self.leads:
            made = self.per_hour * self.hours
            raise ValueError(
                f"per_hour ({self.per_hour}) in {self.hours:g} hours makes {made:g}, fewer than leads ({self.leads})"
            )
        return self
