"""All tables together: importing this fills the metadata."""

from leadspiders.stores.postgres.schema import (
    delivery,
    enrichment,
    experiments,
    guard,
    identity,
    leads,
    ledger,
    market,
    money,
    sources,
    tallies,
)
from leadspiders.stores.postgres.schema.columns import metadata

__all__ = [
    "delivery",
    "enrichment",
    "experiments",
    "guard",
    "identity",
    "leads",
    "ledger",
    "market",
    "metadata",
    "money",
    "sources",
    "tallies",
]
