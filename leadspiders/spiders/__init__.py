"""Where records come from: one spider a source, thin around its file in `apis`. May import everything below.

A new source is one file here, one file in `apis` and one line in its registry.
"""
