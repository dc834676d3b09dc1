"""The seeded truth behind the stand-ins: people, companies, registrations, markets. May import nothing but itself.

A new kind of truth is one file here that grows from the seed, and its place in `truth.py` and `census.py`.
"""
