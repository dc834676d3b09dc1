"""The fast coordinator between machines: claims and the run's queue. May import `apis`, `rules` and below.

Redis may be lost at any time: nothing lives here that Postgres could not give back.
"""
