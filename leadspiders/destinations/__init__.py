"""Who receives the leads. May import `guard` and below.

A new destination is one class here that keeps `destination.Destination`, and one line in `settings.LEADS_DESTINATIONS`.
"""
