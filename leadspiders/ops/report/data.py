"""What a report is made of: plain figures, already counted, already masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leadspiders.ops.funnel import Delivered, Status
from leadspiders.ops.plan_against import Compared
from leadspiders.ops.verdict import Verdict

Ranking = Sequence[tuple[str, int]]
"""Names with their counts, the biggest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What one provider was paid: calls, credits, dollars."""

    provider: str
    calls: int
    credits: float
    usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One lead as the report shows it. `email` and `phone` are masked; `why` holds points and their reason."""

    name: str
    title: str
    company: str
    place: str
    email: str | None
    email_status: str | None
    phone: str | None
    quality: int
    fit: int
    qualified: bool
    why: Sequence[tuple[float, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """Everything the report says.

    `hours` is how long the campaign has run; `per_minute` the leads stored in each minute, gaps left out;
    `quality` and `fit` count leads by the lower bound of their bucket of ten (0, 10 ... 90; 100 counts as 90);
    `compared` holds the plan of the last run against what it came to, where there was one;
    `bars` holds the score from which a lead is qualified, by the name of the score that decides.
    """

    campaign: str
    title: str
    kind: str
    made_at: datetime
    sandbox: bool
    goal: int
    hours: float
    per_hour: float | None
    cap_usd: float
    status: Status
    verdict: Verdict
    advice: Sequence[str]
    delivered: Delivered = field(default_factory=dict)
    per_minute: Sequence[tuple[datetime, int]] = ()
    quality: Mapping[int, int] = field(default_factory=dict)
    fit: Mapping[int, int] = field(default_factory=dict)
    bars: Mapping[str, int] = field(default_factory=dict)
    spend: Sequence[Spend] = ()
    emails: Ranking = ()
    companies: Ranking = ()
    metros: Ranking = ()
    titles: Ranking = ()
    samples: Sequence[Sample] = ()
    compared: Sequence[Compared] = ()
