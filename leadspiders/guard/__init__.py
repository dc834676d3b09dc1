"""What keeps the promises: keys, prices, budgets. May import `stores` and below.

A new guard is one file here; the shells around it live in `middlewares` and `extensions`.
"""
