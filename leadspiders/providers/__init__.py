"""Who fills the gaps of a lead, for a price. May import `guard` and below.

A new provider is one class here that keeps `provider.Provider`, and one line in `settings.LEADS_PROVIDERS`.
"""
