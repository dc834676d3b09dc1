"""What all stand-ins share: the world, the clock, the counters, the CRMs; and how a handler gets at them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from leadspiders.sandbox.charges import Charges
from leadspiders.sandbox.crm import Crm
from leadspiders.sandbox.limits import Limits
from leadspiders.sandbox.tally import Tally
from leadspiders.sandbox.weather import Forecast
from leadspiders.sandbox.world.truth import World


@dataclass(eq=False)
class Sandbox:
    """One running sandbox. `clock` gives seconds since 1970 and is handed in, so that tests turn it; `memory`
    is what a stand-in must know from one call to the next, or need not work out twice.
    """

    world: World
    clock: Callable[[], float]
    forecast: Forecast
    tally: Tally = field(default_factory=Tally)
    limits: Limits = field(default_factory=Limits)
    charges: Charges = field(default_factory=Charges)
    crms: dict[str, Crm] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)

    def crm(self, name: str) -> Crm:
        """The CRM of that name; it is there from the first question on."""
        return self.crms.setdefault(name, Crm())


SANDBOX: web.AppKey[Sandbox] = web.AppKey("sandbox", Sandbox)
EFFECT: web.RequestKey[bool] = web.RequestKey("effect", bool)
"""Set on a request whose answer cost credits or wrote a record: the calls that `charge_then_fail` is about."""


class Refused(Exception):
    """Raised by a handler to answer at once with `response`."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


@dataclass(frozen=True, slots=True)
class StandIn:
    """One API: `name` as in the tally, its routes below its prefix, and its own way of saying "too fast"."""

    name: str
    routes: Callable[[], list[web.RouteDef]]
    throttled: Callable[[], web.Response]


def sandbox_of(request: web.Request) -> Sandbox:
    """The sandbox that serves a request."""
    return request.config_dict[SANDBOX]
