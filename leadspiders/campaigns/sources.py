"""Where records come from, and how gently each source is asked."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from leadspiders.campaigns.names import State, Text
from leadspiders.campaigns.table import Many, Table

SizeClass = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9"]
Delay = Annotated[float, Field(ge=0, le=60)]


def _year(given: object) -> object:
    # Before the union is tried: it would answer a wrong year with one error for each of its halves.
    if given != "latest" and not (type(given) is int and 1990 <= given <= 2100):
        raise ValueError(f'write a year of four digits, or "latest", not {given}')
    return given


def _quarter(given: object) -> object:
    return given.lower() if isinstance(given, str) else given


class Bls(Table):
    """QCEW slices: how many establishments a market holds. They size the market and never become leads."""

    enabled: bool = Field(default=False, description="crawl this source")
    delay_seconds: Delay = Field(default=2.0, description="pause between two requests")
    year: Annotated[int | Literal["latest"], BeforeValidator(_year)] = Field(
        default="latest", description="four digits, or latest: the newest published year"
    )
    quarter: Annotated[Literal["1", "2", "3", "4", "a"], BeforeValidator(_quarter)] = Field(
        default="1", description="a: annual averages; sizes exist for 1 only"
    )
    by: Literal["area", "industry", "size"] = Field(default="size", description="kind of slice")
    codes: Many[Annotated[str, StringConstraints(pattern=r"^[0-9A-Z_-]{1,6}$")]] = Field(
        default=(), description="slices to fetch, as BLS writes them; empty: all that the target needs"
    )
    size_classes: Many[SizeClass] = Field(
        default=("5", "6", "7", "8", "9"),
        description="5: 50-99 staff, 6: 100-249, 7: 250-499, 8: 500-999, 9: 1,000 and more",
    )

    @model_validator(mode="after")
    def _published(self) -> Self:
        if self.by == "size" and self.quarter != "1":
            raise ValueError(f'by = "size" exists for the first quarter only: set quarter = "1", not "{self.quarter}"')
        return self


class Samgov(Table):
    """Registered entities. Public data has no staff count, e-mail or phone: these come from enrichment."""

    enabled: bool = Field(default=False, description="crawl this source")
    delay_seconds: Delay = Field(default=2.0, description="pause between two requests")
    mode: Literal["pages", "extract", "monthly"] = Field(
        default="pages",
        description="pages: 10 a request, larger questions are cut; extract: one large file; monthly: the public file",
    )
    account: Literal["no_role", "role", "federal_system"] = Field(
        default="role", description="kind of SAM.gov account: 10, 1,000 or 10,000 requests a day"
    )
    extract_format: Literal["csv", "json"] = Field(default="csv", description="form of the file of mode extract")
    poll_seconds: float = Field(
        default=180.0, ge=1, le=3600, description="wait before the first look for an extract; the next are rarer"
    )
    states: Many[State] = Field(default=(), description="states to ask for; empty: those of the target, or all")
    registration_status: Literal["active", "expired", "any"] = Field(
        default="active", description="registrations to take"
    )
    marketing_use_unknown: Literal["keep", "refuse"] = Field(
        default="keep",
        description="what to do when the licence of a record is not stated; a forbidden one is always refused",
    )


class Apollo(Table):
    """People and organizations by profile: the search is free but masked, a match costs credits."""

    enabled: bool = Field(default=False, description="crawl this source")
    delay_seconds: Delay = Field(
        default=2.0, description="pause between two requests; the account's limits hold besides"
    )
    per_page: int = Field(default=100, ge=1, le=100, description="people a page; Apollo gives 100 at most")
    locations: Many[Text] = Field(
        default=(), description="where people live, in Apollo's words; empty: those of the target"
    )
    email_status: Many[Literal["verified", "unverified", "likely to engage", "unavailable"]] = Field(
        default=(), description="Apollo's e-mail states to ask for; empty: all"
    )
    split_by: Many[Literal["state", "employees", "seniority"]] = Field(
        default=("state", "employees", "seniority"), description="how a query above 500 pages is cut, in this order"
    )
    companies: Many[Literal["known", "profile"]] = Field(
        default=(),
        description="companies to buy by the page of 100, a credit each: known: which of those that "
        "other sources brought are of the target's size; profile: new ones by industry, place and size; empty: none",
    )
    company_pages: int = Field(
        default=20, ge=1, le=500, description="pages of companies that one process buys in a run at most"
    )


class Sources(Table):
    """One table a spider."""

    bls: Bls = Field(default=Bls(), description="market cells of the Bureau of Labor Statistics")
    samgov: Samgov = Field(default=Samgov(), description="entities registered at SAM.gov")
    apollo: Apollo = Field(default=Apollo(), description="people and organizations at Apollo")

    def enabled(self) -> tuple[str, ...]:
        """Names of the spiders that are switched on, in the order of the file format."""
        switches = {"bls": self.bls.enabled, "samgov": self.samgov.enabled, "apollo": self.apollo.enabled}
        return tuple(name for name, on in switches.items() if on)
