"""The guard at the network door: the frontier, credentials, patience, receipts. May import everything below.

A new part is one file here and one line in `settings`.
"""
