"""PostgreSQL, Valkey and the sandbox, run by ourselves under LEADS_HOME. May import nothing of ours but errors.

A new service is one file here with `ensure` and `stop`, and one line in the list of `services.py`.
"""
