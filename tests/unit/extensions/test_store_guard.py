import logging
import sys

import pytest

from leadspiders.errors import StoreError
from leadspiders.extensions.store_guard import Quiet


def record(name="scrapy.core.scraper", level=logging.ERROR, error=None):
    info = None
    if error:
        try:
            raise error
        except type(error):
            info = sys.exc_info()
    return logging.LogRecord(name, level, __file__, 1, "said", None, info)


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        (record(), True),
        (record(error=ValueError("of a stage")), True),
        (record(error=StoreError("away")), False),
        (record("psycopg.pool", logging.WARNING), False),
        (record("psycopg.pool", logging.ERROR), True),
    ],
)
def test_only_what_follows_from_a_lost_store_is_kept_quiet(said, passes):
    assert Quiet().filter(said) is passes
