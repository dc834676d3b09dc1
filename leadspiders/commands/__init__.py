"""What people type: `scrapy <file name>`, one plain word each. May import everything.

A new command is one file here with one class `Command`, of a kind that is in `cli`.
"""
