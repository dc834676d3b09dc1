"""SAM.gov: `contract` (service, refusals), `pages`, `extract`, `monthly` (what to ask for), the rest reads the answers.

May import what `apis` may. A new form of the data is one reader here that fills `company.Registration`.
"""
