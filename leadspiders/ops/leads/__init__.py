"""The leads themselves, as a table on a terminal or as a file for people and their tools.

May import `stores` and `errors`. A new format is one file here and its line in `file.py`.
"""
