"""The wire contracts of the outside APIs, without I/O: what to send, and what a reply means.

May import `items` and `errors` only. A new API is one file here with its `Api` record; the drivers know no API by name.
"""
