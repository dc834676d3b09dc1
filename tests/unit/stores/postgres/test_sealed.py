import base64
from uuid import UUID

import psycopg
import pytest

from leadspiders.errors import SetupError
from leadspiders.guard.vault import Vault
from leadspiders.stores.postgres.schema.leads import companies, contacts, prospects
from leadspiders.stores.postgres.sealed import AS_READ, NO_VAULT, SealedColumns, place

VAULT = Vault.of([base64.b64encode(b"k" * 32).decode()])
NEWER = Vault.of([base64.b64encode(byte * 32).decode() for byte in (b"n", b"k")])
ONE, OTHER = UUID(int=1), UUID(int=2)
PEOPLE = SealedColumns(contacts)


def row(**said):
    return {"id": ONE, "title": "CFO", "email": "ann@example.com", "phone": None, "extras": {}} | said


def stored(vault=VAULT, **said):
    return row(**said) | PEOPLE.seal(vault, row(**said))


def test_what_is_sealed_comes_back_and_is_not_there_in_clear():
    sealed = PEOPLE.seal(VAULT, row(extras={"note": ["a", 1]}))
    assert sealed["phone"] is None
    assert b"ann" not in sealed["email"]
    read = row() | sealed
    PEOPLE.open(VAULT, read)
    assert (read["email"], read["phone"], read["extras"]) == ("ann@example.com", None, {"note": ["a", 1]})


def test_empty_extras_cost_nothing():
    assert PEOPLE.seal(VAULT, row())["extras"] is None
    read = stored()
    PEOPLE.open(VAULT, read)
    assert read["extras"] == {}


@pytest.mark.parametrize("moved", ["row", "column", "table"])
def test_a_value_does_not_open_in_anothers_place(moved):
    table, read = PEOPLE, stored(phone="+13035550100")
    if moved == "row":
        read["id"] = OTHER
    elif moved == "column":
        read["email"], read["phone"] = read["phone"], read["email"]
    else:
        table, read = SealedColumns(companies), {"id": ONE, "phone": read["phone"]}
    with pytest.raises(SetupError, match="damaged"):
        table.open(VAULT, read)


def test_the_same_value_is_never_the_same_bytes():
    assert stored()["email"] != stored()["email"]


def test_what_did_not_change_keeps_its_bytes_and_only_that():
    before = stored(extras={"note": "x"})
    read = dict(before)
    read[AS_READ] = PEOPLE.open(VAULT, read)
    read |= {"email": "new@example.com", "extras": {"note": "x"}}
    after = PEOPLE.seal(NEWER, read)
    assert after["extras"] == before["extras"]
    assert after["email"] != before["email"]
    assert VAULT.open(before["email"], place("contacts", "email", ONE)) == b"ann@example.com"
    assert after["email"].startswith(NEWER.newest)


def test_a_table_without_secrets_has_none():
    assert SealedColumns(prospects).seal(NO_VAULT, {"lead_id": ONE}) == {}


def test_without_a_vault_nothing_is_written_in_clear():
    with pytest.raises(SetupError, match="without a vault"):
        PEOPLE.seal(NO_VAULT, row())
    with pytest.raises(SetupError, match="without a vault"):
        PEOPLE.open(NO_VAULT, stored())


def test_a_value_of_a_wrong_kind_is_the_records_fault():
    with pytest.raises(psycopg.DataError, match="email is no text"):
        PEOPLE.seal(VAULT, row(email=5))
