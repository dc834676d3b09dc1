"""Where each field came from, as the database keeps it: field -> [source, at, receipt, confidence, usd, replaced].

A list instead of named values takes half the room; a lead has some twenty of them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from leadspiders.items.evidence import Evidence

Packed = dict[str, list[Any]]


def packed(lineage: Mapping[str, Evidence | list[Any]]) -> Packed:
    """The form that is stored; times are UTC to the second, so that they compare as text. What is in that form stays:
    a row that was read and not merged is written back as it was."""
    return {
        name: evidence
        if isinstance(evidence, list)
        else [
            evidence.source,
            _written(evidence.at),
            evidence.receipt,
            evidence.confidence,
            evidence.cost_usd,
            evidence.replaced,
        ]
        for name, evidence in lineage.items()
    }


def unpacked(stored: Packed) -> dict[str, Evidence]:
    """Back to evidence."""
    return {
        name: Evidence(
            source=source,
            at=datetime.fromisoformat(at),
            receipt=receipt,
            confidence=confidence,
            cost_usd=cost_usd,
            replaced=replaced,
        )
        for name, (source, at, receipt, confidence, cost_usd, replaced) in stored.items()
    }


@lru_cache(maxsize=1024)  # all fields of a response have the same time
def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
