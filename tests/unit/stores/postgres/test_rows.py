from dataclasses import fields
from datetime import UTC, datetime

import pytest

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.evidence import Evidence
from leadspiders.stores.postgres.lineage import packed
from leadspiders.stores.postgres.rows import company_row, contact_row, read_company, read_contact
from leadspiders.stores.postgres.schema.leads import companies, contacts

EVIDENCE = Evidence(source="apollo", at=datetime(2026, 1, 2, tzinfo=UTC), receipt="r")


def keyed_hash(kind: str, value: str) -> bytes:
    return f"{kind}:{value}".encode()


def company():
    return Company(
        name="Acme Tool, Inc.",
        uei="abcdefghijk1",
        provider_key="apollo:1",
        domain="acme.example.com",
        employees=120,
        city="Dayton",
        state="OH",
        extras={"x": 1},
        lineage={"name": EVIDENCE},
    )


def contact():
    return Contact(
        full_name="Ann Lee",
        title="PPC Manager",
        email="Ann@acme.example.com",
        email_status="valid",
        phone="+15555550100",
        linkedin_url="https://www.linkedin.com/in/ann-lee",
        provider_key="apollo:2",
        flags=["a"],
        lineage={"email": EVIDENCE},
    )


@pytest.mark.parametrize(
    ("row", "table"), [(company_row(company(), keyed_hash), companies), (contact_row(contact(), keyed_hash), contacts)]
)
def test_every_part_of_a_row_is_a_column(row, table):
    assert row.keys() <= {column.name for column in table.columns}


@pytest.mark.parametrize(("kind", "table"), [(Company, companies), (Contact, contacts)])
def test_every_field_of_an_item_has_its_column(kind, table):
    elsewhere = {"known", "scores", "origin", "company", "lead_state", "provider_key"}
    assert {field.name for field in fields(kind)} - elsewhere <= {column.name for column in table.columns}


def test_a_company_comes_back_as_it_went():
    row = company_row(company(), keyed_hash) | {"id": None}
    back = read_company(row | {"lineage": packed(row["lineage"])})
    assert back.known
    back.known, back.uei = False, "abcdefghijk1"
    assert back == company()


def test_a_contact_comes_back_as_it_went():
    row = contact_row(contact(), keyed_hash) | {"id": None}
    back = read_contact(row | {"lineage": packed(row["lineage"])})
    assert back.known
    back.known = False
    assert back == contact()


def test_keys_are_hashes_by_kind():
    row = contact_row(contact(), keyed_hash)
    assert row["provider_key"] == b"provider:apollo:2"
    assert row["phone_hash"] == b"phone:+15555550100"
    assert row["email_key"] == row["email_hash"]
    assert row["email_key"].startswith(b"email:")


def test_a_desk_is_found_by_its_address_but_is_nobodys_key():
    row = contact_row(Contact(email="info@acme.example.com"), keyed_hash)
    assert row["email_key"] is None
    assert row["email_hash"] == b"email:info@acme.example.com"


def test_empty_text_is_not_known():
    assert company_row(Company(name="\0"), keyed_hash)["name"] is None
