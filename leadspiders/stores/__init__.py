"""What is kept: Postgres is the truth, Redis the fast coordinator, `embedded` starts both where none is given.

May import apis, rules, campaigns, items, errors. A new store is one folder here, its URL one line of `settings.py`.
"""
