"""The same world once more, below `/_sandbox/rehearsal`: no limit, no weather, and what is bought there costs nothing.

Who plans a run against the sandbox can play it through here: the tally, the charges and the limits of the real
stand-ins never hear of it.
"""

from collections.abc import Sequence

from leadspiders.sandbox.limits import Limits, Verdict, Window
from leadspiders.sandbox.state import Sandbox
from leadspiders.sandbox.weather import Forecast


class NoLimits(Limits):
    """Tells the windows and lets everybody through."""

    def take(self, group: str, credential: str, windows: Sequence[Window], now: float) -> Verdict:
        """Nothing is counted."""
        return Verdict(self.look(group, credential, windows, now), None)


def rehearsal(sandbox: Sandbox) -> Sandbox:
    """A copy with counters of its own that nobody looks at."""
    calm = Forecast(sandbox.world.seed, list(sandbox.forecast.apis))
    return Sandbox(world=sandbox.world, clock=sandbox.clock, forecast=calm, limits=NoLimits())
