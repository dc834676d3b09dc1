"""HubSpot: `contract` (service, refusals), `properties` (what is made on demand), `mapping`, `upsert`, `associate`.

May import what `apis` may. A new property is one line in `properties` and one in `mapping`.
"""
