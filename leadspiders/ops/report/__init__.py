"""The report of a campaign: one set of figures, drawn as a page, on a terminal or as JSON.

May import `stores`, `campaigns`, `items` and `errors`. A new format is one file here and its line in `formats.py`.
"""
