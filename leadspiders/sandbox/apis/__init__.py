"""What each API answers, built from its fact sheet alone. May import the sandbox only, never the client side.

A new API is one file with its `STAND_IN`, then one line in `stand_ins.py` and one in `addresses.py`.
"""
