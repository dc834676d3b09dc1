"""How leads are judged: quality of the data, fit of the company, and what counts as qualified."""

import math
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from leadspiders.campaigns.names import Naics, Text
from leadspiders.campaigns.table import Many, Table
from leadspiders.campaigns.weights import Variant
from leadspiders.items.contact import EmailStatus


class Quality(Table):
    """Points for what is known of a lead; the five groups add up to 100."""

    required_fields: int = Field(
        default=30, ge=0, le=100, description="name, LinkedIn URL, title, company, city, state"
    )
    email: int = Field(default=30, ge=0, le=100, description="an address that a verifier found valid")
    email_risky: int = Field(
        default=15, ge=0, le=100, description="an address that may bounce, such as a catch-all domain's"
    )
    email_unknown: int = Field(default=10, ge=0, le=100, description="a well-formed address that nobody verified yet")
    company: int = Field(default=20, ge=0, le=100, description="website, industry, size, a way to reach it")
    title: int = Field(default=10, ge=0, le=100, description="a title of the target, word for word")
    title_near: int = Field(default=7, ge=0, le=100, description="a title that says nearly the same")
    title_similarity: int = Field(default=85, ge=50, le=100, description="how alike a near title must be, of 100")
    location: int = Field(default=10, ge=0, le=100, description="country, state, and a priority metro")

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = self.required_fields + self.email + self.company + self.title + self.location
        if total != 100:
            raise ValueError(f"required_fields, email, company, title and location add up to {total}: make it 100")
        if max(self.email_risky, self.email_unknown) > self.email:
            raise ValueError(f"email_risky and email_unknown cannot be worth more than email ({self.email})")
        if self.title_near > self.title:
            raise ValueError(f"title_near ({self.title_near}) cannot be worth more than title ({self.title})")
        return self


class Qualify(Table):
    """When a lead is qualified. Exactly one of `at_least` and `above` is given."""

    score: Literal["quality", "fit"] = Field(description="which of the two scores decides")
    at_least: int | None = Field(default=None, ge=0, le=100, description="qualified from this score on")
    above: int | None = Field(default=None, ge=0, le=99, description="qualified above this score")
    email_not: Many[EmailStatus] = Field(
        default=(), description="e-mail states that rule a lead out, whatever its score"
    )

    @model_validator(mode="after")
    def _one_bar(self) -> Self:
        if (self.at_least is None) == (self.above is None):
            raise ValueError("give exactly one of at_least and above")
        return self


class Scoring(Table):
    """Weights with a version: a stored score says by which version it was made."""

    version: Text = Field(description="name of this set of weights; change it when you change a weight")
    quality: Quality = Field(default=Quality(), description="points of the quality score")
    qualify: Qualify = Field(description="when a lead is qualified")
    industry_risk: dict[Naics, Literal["low", "medium", "high"]] = Field(
        default_factory=dict, description="NAICS prefix -> risk shown in the CRM; the longest prefix counts"
    )
    variants: dict[Text, Variant] = Field(
        min_length=1, description="name -> weights of the fit score; shares add up to 1"
    )

    @field_validator("variants", mode="before")
    @classmethod
    def _filled_from_another(cls, variants: Any) -> Any:
        if not isinstance(variants, dict):
            return variants
        return {name: _like(name, variant, variants) for name, variant in variants.items()}

    @model_validator(mode="after")
    def _shared_out(self) -> Self:
        total = math.fsum(variant.share for variant in self.variants.values())
        if not math.isclose(total, 1.0, abs_tol=1e-6):
            raise ValueError(f"the shares of the variants add up to {total:g}: make it 1")
        return self


def _like(name: str, variant: Any, variants: dict[str, Any]) -> Any:
    """The variant with what it leaves out taken from the one it names in `like`; anything odd is left to the types."""
    if not isinstance(variant, dict) or not isinstance(variant.get("like"), str):
        return variant
    model = variants.get(variant["like"])
    if model is variant or not isinstance(model, dict) or "like" in model:
        raise PydanticCustomError(
            "elsewhere",
            "must name another variant, one that is not like a third",
            {"key": (name, "like")},
        )
    return model | variant
