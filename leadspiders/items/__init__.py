"""What flows through the pipelines: typed, slotted dataclasses. May import nothing of ours.

A new kind of record is one file here, one writer in `stores/postgres` and one line in the ledger's table of kinds.
"""
