"""BLS QCEW: what to ask for (`slices`, `bulk`, `series`), what files hold (`rows`), what codes are called (`titles`).

May import what `apis` may. A new kind of file is one reader here.
"""
