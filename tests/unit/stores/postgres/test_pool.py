import psycopg
import pytest

from leadspiders.errors import StoreError
from leadspiders.stores.postgres.pool import address, out_of_reach


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@db.example.com:5433/leads", "db.example.com:5433/leads"),
        ("postgresql://db.example.com/leads", "db.example.com:5432/leads"),
        ("host=/run/postgresql dbname=leads user=me", "/run/postgresql:5432/leads"),
        ("postgresql:///leads", "localhost:5432/leads"),
    ],
)
def test_an_address_holds_no_password(url, shown):
    assert address(url) == shown


def test_what_is_no_url_is_said_without_showing_it():
    with pytest.raises(StoreError, match="no Postgres URL") as caught:
        address("mysql://me:secret@x/y")
    assert "secret" not in str(caught.value)


def test_out_of_reach_is_one_line():
    error = psycopg.OperationalError("first\n  last reason\n")
    assert str(out_of_reach("postgresql://me:secret@h/d", error)) == (
        "Postgres does not answer at h:5432/d (last reason): check DATABASE_URL and that the server runs"
    )
