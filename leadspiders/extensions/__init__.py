"""The guard on signals: what is noted while a crawl runs. May import everything below.

A new part is one file here and one line in `settings.EXTENSIONS`.
"""
