"""Replies as the services give them, as for the readers."""

from tests.unit.apis.conftest import reply

__all__ = ["reply"]
