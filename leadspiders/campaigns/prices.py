"""What providers charge, by date: the package's list, or the user's own in its place."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel, ValidationError

from leadspiders.campaigns.names import Provider
from leadspiders.campaigns.problems import explain
from leadspiders.campaigns.spending import Budget
from leadspiders.campaigns.table import Many, Table
from leadspiders.errors import CampaignError, SetupError

PACKAGED = "prices.toml"


class Dated(Table):
    """A price that holds from a day on."""

    from_: dt.date = Field(alias="from", description="the first day (UTC)")
    usd_per_credit: Annotated[float, Field(ge=0)] = Field(description="dollars for one credit")
    credits: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict, description="offer -> credits of one fact"
    )


class PriceList(RootModel[dict[Provider, Many[Dated]]]):
    """Provider -> its prices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one fact of an offer costs at most; `version` says where that stands: `campaign`, or the list's date."""

    credits_each: Decimal
    usd_per_credit: Decimal
    version: str


@dataclass(frozen=True, slots=True)
class Prices:
    """The list, and the file it was read from."""

    by_provider: dict[Provider, tuple[Dated, ...]]
    file: str

    def price(self, provider: str, offer: str, credits_each: float, *, budget: Budget, day: dt.date) -> Price:
        """The price in force that day. `credits_each` is the API's contract, `budget` may name a price of its own.

        Raises `SetupError` when nobody has said what the provider costs.
        """
        begun = [
            dated for name, many in self.by_provider.items() if name == provider for dated in many if dated.from_ <= day
        ]
        listed = max(begun, key=lambda dated: dated.from_, default=None)
        own = {str(name): usd for name, usd in budget.usd_per_credit.items()}.get(provider)
        if own is None and listed is None:
            told = f"set budget.usd_per_credit.{provider} in the campaign, or add it to {self.file}"
            raise SetupError(f"no dollar cap holds without a price: {told}")
        each = listed.credits.get(offer, credits_each) if listed else credits_each
        usd = own if own is not None else listed.usd_per_credit if listed else 0
        version = "campaign" if own is not None else str(listed.from_) if listed else ""
        return Price(credits_each=Decimal(str(each)), usd_per_credit=Decimal(str(usd)), version=version)


def load_prices(path: str | Path | None = None) -> Prices:
    """The prices in that file, or in the package's. Raises `CampaignError` with one line a problem."""
    source = Path(path).expanduser() if path else files("leadspiders.campaigns").joinpath(PACKAGED)
    file = str(source)
    try:
        text = source.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise CampaignError(f"{file}: cannot be read ({error.strerror or error}): see LEADS_PRICES") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CampaignError(f"{file}: is no valid TOML: {error}") from error
    try:
        return Prices(PriceList.model_validate(data).root, file)
    except ValidationError as error:
        raise CampaignError(explain(error, PriceList, data, text, file)) from error
