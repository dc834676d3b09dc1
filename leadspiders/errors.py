"""Everything that can go wrong in a way somebody can mend.

LeadspidersError
|-- UsageError              asked wrongly: one line on standard error, exit 2
|   |-- CampaignError       a campaign file: key, file, line and the nearest valid name
|   `-- ArgumentError       a spider or command argument
|-- SetupError              the surroundings: one line, exit 2
|   |-- ServiceError        an embedded service does not start (port, disk, binaries)
|   `-- StoreError          Postgres or Redis out of reach, or not migrated
`-- ApiError                an outside API answered something that is no data
    |-- CredentialRefused   the key is missing, wrong or not allowed: stop this API
    |-- QuotaUsedUp         nothing more until `retry_at`
    |-- RateLimited         too fast: wait `retry_after` seconds
    |-- RequestRefused      this one request is wrong: park it, go on
    |-- NotPublished        the source has no data there: no error
    |-- Unreadable          the body is not what the contract says: park it, report drift
    |-- Unavailable         the service is ill: try again later
    `-- Unreachable         no connection came about: nothing was sent
        |-- CircuitOpen     the service has failed too often: nothing is sent before `retry_at`
        `-- Unpaced         Redis is away, and nobody knows whether the call is too fast
"""

from datetime import datetime


class LeadspidersError(Exception):
    """Root of all of ours. The message is one line that says what to do."""


class UsageError(LeadspidersError):
    """Raised by commands and spiders before the first request, when they were asked wrongly."""


class CampaignError(UsageError):
    """Raised by the campaign loader."""


class ArgumentError(UsageError):
    """Raised by spiders and commands for an unknown or impossible argument."""


class SetupError(LeadspidersError):
    """Raised when the surroundings are not fit to work in."""


class ServiceError(SetupError):
    """Raised by the launcher of the embedded services."""


class StoreError(SetupError):
    """Raised by `stores` when Postgres or Redis is out of reach, or the schema is not there."""


class ApiError(LeadspidersError):
    """Raised by the readers in `apis` when a reply is not data. `status` is the HTTP status."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class CredentialRefused(ApiError):
    """The credential is missing, wrong, expired or not allowed here."""


class QuotaUsedUp(ApiError):
    """The plan's quota or credits are gone; `retry_at` says when they come back, if the API does."""

    def __init__(self, message: str, *, status: int | None = None, retry_at: datetime | None = None) -> None:
        super().__init__(message, status=status)
        self.retry_at = retry_at


class RateLimited(ApiError):
    """A short window is full; `retry_after` is in seconds."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, status=status)
        self.retry_after = retry_after


class RequestRefused(ApiError):
    """This request can never succeed as it is."""


class NotPublished(ApiError):
    """The source has nothing for this period or place."""


class Unreadable(ApiError):
    """The body does not have the shape of the contract."""


class Unavailable(ApiError):
    """A 5xx, or a reply that says "later"."""


class Unreachable(ApiError):
    """Raised by the door when no connection came about: the service has done nothing, and charged nothing."""


class CircuitOpen(Unreachable):
    """Raised by the breaker in place of a call to a service that is ill; `retry_at` is in seconds since 1970."""

    def __init__(self, message: str, *, retry_at: float) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class Unpaced(Unreachable):
    """Raised by the pace in place of a paid call while Redis is away: nothing was sent, and nothing charged."""
