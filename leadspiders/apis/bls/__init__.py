"""BLS QCEW: `contract` (the service and its refusals), `slices` (what to ask for), `rows` (what the CSV files hold).

May import what `apis` may. A new kind of file is one reader here.
"""
