"""Dropcontact: `contract` (service, refusals), `enrich` (hand in, fetch), `record` (what it means), `account`.

May import what `apis` may. A new endpoint is one file here with its call and its reader.
"""
