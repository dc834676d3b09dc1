"""Who may fill which gap, in which order, and what that may cost."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from leadspiders.campaigns.names import Fillable, Provider, Seller
from leadspiders.campaigns.table import Many, Table

Usd = Annotated[float, Field(gt=0)]
Credits = Annotated[int, Field(ge=0, le=1_000_000_000)]


class Providers(Table):
    """The order of a list is the order of asking: the next is asked only for what the one before did not know."""

    fields: dict[Fillable, Many[Seller]] = Field(
        default_factory=dict,
        description="field -> providers to ask for it, best first; hunter/domain: all addresses of a company at once",
    )
    verify: Many[Provider] = Field(default=(), description="who checks e-mail addresses, best first")
    ambiguous: Literal["never", "after_usage_check", "always"] = Field(
        default="after_usage_check",
        description="whether to repeat a paid call whose answer was lost; after_usage_check: ask the provider first",
    )
    ask_again_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        default=30, description="days after which a provider that knew nothing of a lead is asked about it again"
    )
    learn: bool = Field(
        default=False,
        description="ask first whoever brought most for a dollar so far, by field and segment; false: as listed",
    )
    explore_share: float = Field(
        default=0.0, ge=0, le=0.5, description="share of leads on which another order is tried (0-0.5)"
    )


class Budget(Table):
    """Hard caps, held before each paid call over all machines. Amounts in US dollars."""

    cap_usd: Usd = Field(description="all that the campaign may ever cost")
    per_run_usd: Usd = Field(description="at most for one run")
    per_day_usd: Usd = Field(description="at most for one day (UTC)")
    per_lead_usd: Usd = Field(description="at most for one lead, over all its calls")
    per_call_usd: Usd = Field(description="at most for one call")
    per_provider_usd: dict[Provider, Usd] = Field(
        default_factory=dict, description="provider -> at most for all that is bought there; not named: no such cap"
    )
    credits: dict[Provider, Credits] = Field(
        default_factory=dict, description="provider -> credits the campaign may use; not named: only dollars count"
    )
    usd_per_credit: dict[Provider, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict,
        description="provider -> price of one credit by your contract; else the price list's",
    )

    @model_validator(mode="after")
    def _nested(self) -> Self:
        for name in ("per_run_usd", "per_day_usd", "per_lead_usd", "per_call_usd"):
            if getattr(self, name) > self.cap_usd:
                raise ValueError(f"{name} ({getattr(self, name):g}) is more than cap_usd ({self.cap_usd:g})")
        return self
