"""NeverBounce: `contract` (service, refusals), `single` (one address), `jobs` (a list of them), `account`.

May import what `apis` may. A new endpoint is one file here with its call and its reader.
"""
