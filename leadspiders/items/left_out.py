"""Records that a reader left out before making anything of them: counted by reason, so that the ledger still adds up.

A file of 900,000 registrations of which a campaign takes a few thousand would otherwise be 900,000 items to refuse.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class LeftOut:
    """`reasons` counts the records by why they were left out: short names, as stages name their refusals."""

    reasons: Mapping[str, int]
