"""How long data is kept, and what raises an alarm."""

from typing import Annotated

from pydantic import Field

from leadspiders.campaigns.table import Table

Days = Annotated[int, Field(gt=0, le=36_500)]
Share = Annotated[float, Field(gt=0, le=1)]
Minutes = Annotated[float, Field(gt=0)]


class Retention(Table):
    """In days. Opt-outs are kept as hashes for ever: that is what makes them last."""

    raw_days: Days = Field(default=30, description="raw replies of the sources")
    leads_days: Days = Field(default=90, description="personal data of leads that did not convert")
    audit_days: Days = Field(default=1095, description="the audit trail, which holds no personal data in clear")
    backup_days: Annotated[int, Field(ge=7)] = Field(default=7, description="backups; 7 at least")
    notice_days: Annotated[int, Field(gt=0, le=30)] = Field(
        default=30, description="days to tell a person where the data came from (GDPR Art. 14: a month at most)"
    )
    optout_refresh_days: Annotated[int, Field(gt=0, le=45)] = Field(
        default=45, description="how old the California DROP list may be (the law says 45 days at most)"
    )


class Alerts(Table):
    """An alert is sent once per incident. Shares run from 0 to 1."""

    error_rate: Share = Field(default=0.05, description="failed share of requests")
    leads_per_hour_below: Annotated[int, Field(ge=0)] = Field(default=0, description="leads an hour; 0: no alert")
    spend_share: Share = Field(default=0.8, description="spent share of any cap")
    queue_age_minutes: Minutes = Field(default=30.0, description="age of the oldest request that waits")
    queue_growing_minutes: Minutes = Field(default=15.0, description="how long the queue may grow without a pause")
    provider_down_minutes: Minutes = Field(default=5.0, description="how long a provider may answer nothing but errors")
    drift_share: Share = Field(
        default=0.02,
        description="share of a source's records that lack a field or write it in another type, from three records on "
        "or when all of fewer do",
    )
    delivery_failed_share: Share = Field(default=0.05, description="share of deliveries that failed for good")
