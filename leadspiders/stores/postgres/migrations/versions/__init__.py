"""The steps, oldest first by `down_revision`. A step that was released is never edited.

May import Alembic and SQLAlchemy only, so that an old step does not change with the code around it.
"""
