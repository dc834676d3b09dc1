"""What an API says of the credits that an account has consumed, asked for without a credit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumed:
    """`credits` were consumed by the whole account since the start of the billing `cycle`; two figures compare only
    within one cycle."""

    credits: float
    cycle: str
