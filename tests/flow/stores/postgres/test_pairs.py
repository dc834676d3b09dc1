"""The review list: what gets on it, and what a decision does."""

import json
from argparse import Namespace

import pytest
from scrapy.settings import Settings

from leadspiders.commands.review import Command
from leadspiders.errors import ArgumentError
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.pairs import keep_apart, merge_pair, open_pairs
from tests.conftest import ENCRYPTION_KEY, in_clear


def firm(name="Acme Tool", **said):
    return Company(**{"name": name, "city": "Denver", "state": "CO"} | said)


@pytest.fixture
def doubted(using, write, rows):
    """Two firms of nearly one name, from two crawls."""
    using(write, [firm(uei="ABCDEFGHIJK1", employees=120)])
    using(write, [firm("Acme Tooll LLC", domain="acme.example.com", extras={"note": "x"})])
    (pair,) = rows("SELECT id, relation, one, other, likeness, state FROM pairs")
    assert (pair["relation"], pair["state"]) == ("companies", "open")
    assert pair["likeness"] > 90
    return pair


def test_a_pair_is_noted_once_and_shown_with_both_sides(using, write, rows, doubted):
    using(write, [firm("Acme Tooll LLC", domain="acme.example.com")])
    assert len(rows("SELECT FROM pairs")) == 1
    (shown,) = using(open_pairs, "spring", 10)
    assert {shown["one"]["uei"], shown["other"]["domain"]} == {"ABCDEFGHIJK1", "acme.example.com"}
    assert using(open_pairs, "autumn", 10) == []


def test_a_near_twin_with_a_common_phone_is_merged_across_batches(using, write, rows):
    using(write, [firm(uei="ABCDEFGHIJK1", phone="+13035550100")])
    using(write, [firm("Acme Tooll", domain="acme.example.com", phone="+13035550100")])
    assert rows("SELECT uei, domain FROM companies") == [{"uei": "ABCDEFGHIJK1", "domain": "acme.example.com"}]
    assert rows("SELECT FROM pairs") == []


def test_merging_makes_one_row_of_both(using, rows, doubted, keyed_hash):
    kept, gone = using(merge_pair, doubted["id"], keyed_hash, {})
    (row,) = in_clear("companies", rows("SELECT id, uei, domain, employees, extras FROM companies"))
    assert (row["id"], row["uei"], row["domain"], row["employees"]) == (kept, "ABCDEFGHIJK1", "acme.example.com", 120)
    assert row["extras"]["note"] == "x"
    assert rows("SELECT id, kept FROM removed_rows") == [{"id": gone, "kept": kept}]
    assert rows("SELECT FROM pairs") == []
    assert len(rows("SELECT FROM prospects")) == 1


def test_apart_is_remembered(using, write, rows, doubted):
    using(keep_apart, doubted["id"])
    using(write, [firm("Acme Tooll LLC", domain="acme.example.com", employees=9)])
    assert rows("SELECT state FROM pairs") == [{"state": "apart"}]
    assert using(open_pairs, "spring", 10) == []
    assert len(rows("SELECT FROM companies")) == 2


def test_a_pair_that_is_not_there(using, keyed_hash):
    with pytest.raises(ArgumentError, match="no pair 7"):
        using(keep_apart, 7)
    with pytest.raises(ArgumentError, match="no pair 7"):
        using(merge_pair, 7, keyed_hash, {})


def test_namesakes_at_one_employer(using, write, rows, keyed_hash):
    def ann(n, **said):
        profile = f"https://www.linkedin.com/in/ann{n}"
        name = {"first_name": "Ann", "last_name": "Lee", "full_name": "Ann Lee"}
        return Contact(**name | said, linkedin_url=profile, company=firm(domain="acme.example.com"))

    using(write, [ann(1, title="CFO")])
    using(write, [ann(2, city="Denver", state="CO")])
    (shown,) = using(open_pairs, "spring", 10)
    assert shown["ground"] == "same name and employer, another LinkedIn profile"
    assert shown["one"]["company"] == "Acme Tool"
    using(merge_pair, shown["id"], keyed_hash, {})
    assert rows("SELECT title, city FROM contacts") == [{"title": "CFO", "city": "Denver"}]


def test_one_ein_of_two_registrations(using, write, rows):
    both = [firm(uei="ABCDEFGHIJK1", ein="123456788"), firm("Acme Foods", uei="ABCDEFGHIJK2", ein="123456788")]
    using(write, both)
    assert rows("SELECT ein FROM companies") == [{"ein": "123456788"}] * 2
    assert rows("SELECT ground FROM pairs") == [{"ground": "same EIN, another UEI"}]
    using(write, [firm("Acme Tool Inc", ein="123456788", city="Golden")])
    assert len(rows("SELECT FROM companies")) == 2


def test_the_command_lists_and_decides(database, doubted, rows, capsys):
    def review(*args, **options):
        command = Command()
        command.settings = Settings({"DATABASE_URL": database, "LEADS_ENCRYPTION_KEYS": [ENCRYPTION_KEY]})
        command.run(list(args), Namespace(**{"json": True, "limit": 5} | options))
        return command.exitcode, capsys.readouterr()

    rows("UPDATE prospects SET campaign = 'dpc_employers' RETURNING lead_id")
    code, said = review("dpc_employers")
    (pair,) = json.loads(said.out)["pairs"]
    assert (code, pair["id"], pair["ground"]) == (0, doubted["id"], "same place, names are 95 of 100 alike")
    code, said = review("dpc_employers", json=False)
    assert "Acme Tooll" in said.out
    code, said = review("merge", str(pair["id"]))
    assert (code, json.loads(said.out)["decision"]) == (0, "merged")
    code, said = review("dpc_employers", json=False)
    assert "Nothing waits" in said.out
    code, said = review("apart", "99")
    assert (code, said.err.count("\n")) == (2, 1)
