"""Which variant converts better, and whether there is enough to say so. The statistics are statsmodels'.

How many outcomes are needed is worked out from the difference worth knowing, before anybody looks who is ahead: to
stop as soon as one side leads would find a winner in every second race of equals.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    samplesize_proportions_2indep_onetail,
    test_proportions_2indep,
)

CONFIDENCE = 0.95
POWER = 0.8
DETECT = 0.25
"""The least relative difference worth knowing: 10 % against 12.5 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One variant: `outcomes` leads whose end is known, `won` of them converted."""

    name: str
    outcomes: int
    won: int

    @property
    def rate(self) -> float | None:
        """Share that converted, None before the first outcome."""
        return self.won / self.outcomes if self.outcomes else None

    def interval(self) -> tuple[float, float] | None:
        """Where the true rate lies with 95 % confidence (Wilson)."""
        if not self.outcomes:
            return None
        low, high = proportion_confint(self.won, self.outcomes, alpha=1 - CONFIDENCE, method="wilson")
        return float(low), float(high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Of `arm` against `control`: `missing` outcomes until it can be judged; `difference` in points of the rate, with
    its interval; `p_value` of the two being alike. None where nothing can be worked out yet."""

    arm: str
    control: str
    outcome: Literal["too-early", "better", "worse", "no-difference"]
    missing: int
    difference: float | None
    interval: tuple[float, float] | None
    p_value: float | None

    @property
    def sentence(self) -> str:
        """The plain verdict."""
        if self.outcome == "too-early":
            return f"too early: {self.missing:,} more outcomes"
        assert self.difference is not None
        if self.outcome == "no-difference":
            return f"{self.arm} and {self.control} convert alike: keep the simpler one"
        word = "better" if self.outcome == "better" else "worse"
        return f"{self.arm} converts {word} than {self.control}, by {abs(self.difference) * 100:.1f} points"


def judge(control: Arm, others: Sequence[Arm], *, detect: float = DETECT) -> list[Verdict]:
    """One verdict for each of the others. `detect` is the least relative difference worth knowing (0.25: a quarter).

    With several others the error allowed to each is divided among them (Bonferroni).
    """
    alpha = (1 - CONFIDENCE) / max(len(others), 1)
    return [_judge(control, arm, detect, alpha) for arm in others]


def needed(control: Arm, arm: Arm, *, detect: float = DETECT, alpha: float = 1 - CONFIDENCE) -> int:
    """Outcomes that each side needs, from the rate of both together. No conversion yet counts as a half."""
    rate = (control.won + arm.won + 0.5) / (control.outcomes + arm.outcomes + 1)
    rate = min(rate, 0.99 / (1 + detect))
    size = samplesize_proportions_2indep_onetail(rate * detect, rate, POWER, alpha=alpha)
    return math.ceil(float(size))


def _judge(control: Arm, arm: Arm, detect: float, alpha: float) -> Verdict:
    each = needed(control, arm, detect=detect, alpha=alpha)
    missing = max(0, each - control.outcomes) + max(0, each - arm.outcomes)
    if not (control.outcomes and arm.outcomes):
        return Verdict(
            arm=arm.name,
            control=control.name,
            outcome="too-early",
            missing=missing,
            difference=None,
            interval=None,
            p_value=None,
        )
    counts = (arm.won, arm.outcomes, control.won, control.outcomes)
    low, high = confint_proportions_2indep(*counts, compare="diff", method="newcomb", alpha=alpha)
    p_value = float(test_proportions_2indep(*counts, compare="diff", method="score").pvalue)
    difference = arm.won / arm.outcomes - control.won / control.outcomes
    outcome: Literal["too-early", "better", "worse", "no-difference"] = "no-difference"
    if missing:
        outcome = "too-early"
    elif p_value < alpha:
        outcome = "better" if difference > 0 else "worse"
    return Verdict(
        arm=arm.name,
        control=control.name,
        outcome=outcome,
        missing=missing,
        difference=difference,
        interval=(float(low), float(high)),
        p_value=None if math.isnan(p_value) else p_value,
    )
