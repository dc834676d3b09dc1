"""Which APIs tell how many credits our account has consumed: a paid call whose answer was lost is judged by that."""

from collections.abc import Callable

from leadspiders.apis.apollo.contract import API as APOLLO
from leadspiders.apis.apollo.usage import credits_consumed
from leadspiders.apis.consumed import Consumed
from leadspiders.apis.http import Conversation

COUNTERS: dict[str, Callable[[], Conversation[Consumed]]] = {APOLLO.name: credits_consumed}
"""API -> the free conversation that reads its counter. The figure must be exact, and hold all kinds of credits."""
