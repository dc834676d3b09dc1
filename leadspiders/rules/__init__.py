"""What decides: pure functions over plain values and items. No I/O, no clock, no Scrapy, no database.

May import `items`, `errors`, the campaign model and libraries. To add a rule: one file, its test a table of cases.
"""
