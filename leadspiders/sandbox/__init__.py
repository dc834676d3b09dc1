"""Local stand-ins of every outside API: one world, one tally, any weather. May import nothing else of this package.

A new stand-in is one file in `apis`, one line in `stand_ins.py` and one in `addresses.py`.
"""
