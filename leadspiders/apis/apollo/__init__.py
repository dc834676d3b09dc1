"""Apollo: `contract` (service, refusals), `people` and `split` (search), `match` (paid), `organizations`, `usage`.

May import what `apis` may. A new endpoint is one file here with its call and its reader.
"""
