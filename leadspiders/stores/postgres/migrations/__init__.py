"""How the tables came to be, step by step: Alembic runs what lies in `versions`.

May import `schema`. A new step is one file in `versions`; `REVISION` in `schema/revision.py` then names it.
"""
