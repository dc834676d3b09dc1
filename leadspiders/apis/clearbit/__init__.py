"""Clearbit's legacy API: `contract` (service, refusals), `company`, `person`, `domain`, `look_up` (polls).

May import what `apis` may. A new endpoint is one file here with its call and its reader.
"""
