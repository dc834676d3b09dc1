"""What to look for, and what it may cost: one TOML file a campaign, its typed model and its loader.

May import `items` and `errors` only. A new campaign is one `.toml` file here, or in the folder `LEADS_CAMPAIGNS_DIR`.
"""
