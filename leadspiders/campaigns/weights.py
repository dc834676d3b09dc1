"""Weights of the fit score: how much a company's industry, size, decision makers and place are worth."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from leadspiders.campaigns.names import Metro, Naics, Seniority, State, Text
from leadspiders.campaigns.table import Many, Table
from leadspiders.campaigns.target import Between

Worth = Annotated[int, Field(ge=0, le=100)]


class Group(Table):
    """Points for one question; none of them is worth more than the group's `cap`."""

    cap: int = Field(ge=1, le=100, description="most points the group can give; the caps of a variant add up to 100")
    unknown: Worth = Field(default=0, description="points when the answer is not known")

    @model_validator(mode="after")
    def _below_cap(self) -> Self:
        for name, value in self:
            worths = value.items() if isinstance(value, dict) else [(None, value)] if isinstance(value, int) else []
            for key, worth in worths:
                if worth > self.cap:
                    raise ValueError(f"{name}{f'.{key}' if key else ''} ({worth}) is more than cap ({self.cap})")
        return self


class Industry(Group):
    """A listed NAICS code decides (longest prefix), then a listed word (the longest), then `other`."""

    naics: dict[Naics, Worth] = Field(default_factory=dict, description="NAICS prefix -> points")
    words: dict[Text, Worth] = Field(
        default_factory=dict, description="word in the company's type or industry -> points"
    )
    other: Worth = Field(default=0, description="points for an industry that is not in the lists")


class Size(Group):
    """Full points inside the sweet spot, tapering to `edge` at the ends of the target's range, 0 outside of it.

    Where the target names no range, everything outside of the sweet spot is worth `edge`.
    """

    sweet_spot: Between = Field(description="staff counts with full points")
    edge: Worth = Field(default=0, description="points at the smallest and largest wanted size")


class DecisionMakers(Group):
    """More people found are never worth less."""

    points: Many[Worth] = Field(
        min_length=1, description="points for 1, 2, 3... people found; more than listed: the last"
    )

    @model_validator(mode="after")
    def _monotone(self) -> Self:
        if any(later < earlier for earlier, later in pairwise(self.points)):
            raise ValueError(f"points {list(self.points)} fall: one person more must never be worth less")
        if self.points[-1] > self.cap:
            raise ValueError(f"points end at {self.points[-1]}, which is more than cap ({self.cap})")
        if self.unknown > self.points[0]:
            raise ValueError(f"unknown ({self.unknown}) is more than the points for one person ({self.points[0]})")
        return self


class Place(Group):
    """The best of metro, state and country counts."""

    metros: dict[Metro, Worth] = Field(default_factory=dict, description="metro area -> points")
    states: dict[State, Worth] = Field(default_factory=dict, description="state -> points")
    target: Worth = Field(default=0, description="points for any other place in the target's countries and states")
    other: Worth = Field(default=0, description="points for a place outside the target")


class SeniorityPoints(Group):
    """What the level of the person is worth."""

    levels: dict[Seniority, Worth] = Field(default_factory=dict, description="level -> points")
    other: Worth = Field(default=0, description="points for a level that is not in the list")


class Variant(Table):
    """One set of weights. Companies are spread over the variants by share, and each stays in its own."""

    share: float = Field(ge=0, le=1, description="share of companies scored by this variant (0-1)")
    like: Text | None = Field(default=None, description="another variant: what is left out here is taken from it")
    form: Literal["additive", "multiplicative"] = Field(
        default="additive", description="additive: points are summed; multiplicative: one weak answer weakens the whole"
    )
    floor: float = Field(
        default=0.05, gt=0, le=0.5, description="multiplicative only: least a single answer can leave over (0-0.5)"
    )
    industry: Industry | None = Field(default=None, description="what the company does")
    size: Size | None = Field(default=None, description="how many people it employs")
    decision_makers: DecisionMakers | None = Field(
        default=None, description="how many of the wanted people were found there"
    )
    place: Place | None = Field(default=None, description="where it is")
    seniority: SeniorityPoints | None = Field(default=None, description="the level of the person")

    def groups(self) -> dict[str, Group]:
        """The groups this variant uses, by name, in the order of the file format."""
        all_groups = {
            "industry": self.industry,
            "size": self.size,
            "decision_makers": self.decision_makers,
            "place": self.place,
            "seniority": self.seniority,
        }
        return {name: group for name, group in all_groups.items() if group is not None}

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(group.cap for group in self.groups().values())
        if total != 100:
            raise ValueError(f"the caps of its groups add up to {total}: make it 100")
        return self
