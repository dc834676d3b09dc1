"""Hunter: `contract` (service, refusals), `finder` (people), `verifier` (addresses), `domain` (companies), `account`.

May import what `apis` may. A new endpoint is one file here with its call and its reader.
"""
