"""What the commands have in common. May import everything.

Scrapy takes every command class of a module in `commands` for a command, so the classes that are none are here.
"""
