"""APIs that a file describes: `description` (the file), `question` (calls), `answer` (replies), `known` (which).

May import what `apis` may. A new ability is one key in `description`, and what it does in `question` or `answer`.
"""
