"""The truth: leads, receipts, paid replies, the spend ledger, opt-outs and the outbox, in PostgreSQL 15 or later.

May import rules, campaigns, items, errors. A new table: one in `schema`, one step in `migrations`, one file here.
"""
