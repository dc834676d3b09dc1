"""Proxycurl's legacy API: `contract` (service, refusals), `profile` and `company`, each with its call and reader.

May import what `apis` may. A new endpoint is one file here with its call and its reader.
"""
