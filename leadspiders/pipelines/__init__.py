"""The stages a record passes, one class a file, in the order that `settings.ITEM_PIPELINES` gives.

May import everything below; a new stage is one file here and one line there.
"""
