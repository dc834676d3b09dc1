"""The tables, by theme: the one description that the migrations must reproduce (a test compares the two).

May import SQLAlchemy and nothing of ours. A new theme is one file here and one line in `whole.py`.
"""
