import pytest

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.market_cell import MarketCell
from leadspiders.stores.postgres.writer import Refusal
from tests.conftest import in_clear


def cell(industry="44-45", **said):
    values = {
        "area_fips": "08000",
        "own_code": "5",
        "industry_code": industry,
        "agglvl_code": "54",
        "size_code": "0",
        "year": 2025,
        "qtr": "1",
        "disclosure_code": "",
        "establishments": 10,
        "employment": 100,
        "total_wages": 5000,
        "avg_weekly_wage": 900,
    }
    return MarketCell(**values | said)


def kinds(outcomes):
    return [outcome.kind for outcome in outcomes]


def test_new_leads_are_stored_with_company_standing_and_delivery(using, write, person, rows):
    outcomes = using(write, [person(n) for n in range(6)])
    assert kinds(outcomes) == ["stored"] * 6
    assert [row["id"] for row in rows("SELECT id FROM contacts ORDER BY full_name")] == [o.id for o in outcomes]
    assert len(rows("SELECT FROM companies")) == 2
    (lead,) = rows("SELECT * FROM leads WHERE full_name = 'Ann Lee4'")
    assert lead["company_name"] == "Firm 1 Works"
    assert (lead["lead_state"], lead["data_quality_score"], lead["is_qualified"]) == ("ready", 80, True)
    assert lead["email_verified"]
    assert not lead["crm_synced"]
    assert len(rows("SELECT FROM outbox WHERE state = 'pending' AND destination = 'hubspot'")) == 6


def test_the_same_leads_again_are_merged_and_change_nothing(using, write, person, rows):
    using(write, [person(n) for n in range(4)])
    rows("UPDATE outbox SET state = 'sent' RETURNING id")
    before = rows("SELECT xmin::text, id FROM contacts ORDER BY id")
    assert kinds(using(write, [person(n) for n in range(4)])) == ["merged"] * 4
    assert rows("SELECT xmin::text, id FROM contacts ORDER BY id") == before
    assert {row["state"] for row in rows("SELECT state FROM outbox")} == {"sent"}


def test_twins_in_one_batch_become_one(using, write, person, rows):
    twin = person(0, provider_key="apollo:99", phone="+13035550100")
    assert kinds(using(write, [person(0), twin])) == ["stored", "merged"]
    assert [row["phone"] for row in in_clear("contacts", rows("SELECT id, phone FROM contacts"))] == ["+13035550100"]


def test_a_gap_that_is_filled_is_delivered_again(using, write, person, rows):
    using(write, [person(0)])
    rows("UPDATE outbox SET state = 'sent' RETURNING id")
    using(write, [person(0, phone="+13035550100")])
    (waiting,) = rows("SELECT state, version FROM outbox")
    assert waiting == {"state": "pending", "version": 2}


def test_a_better_score_is_delivered_again(using, write, person, scores, rows):
    using(write, [person(0)])
    rows("UPDATE outbox SET state = 'sent' RETURNING id")
    using(write, [person(0, scores=scores(quality=95))])
    assert rows("SELECT state FROM outbox") == [{"state": "pending"}]


def test_a_state_never_falls_back(using, write, person, rows):
    using(write, [person(0)])
    using(write, [person(0, lead_state="identified", scores=None)])
    (row,) = rows("SELECT lead_state, quality FROM prospects")
    assert row == {"lead_state": "ready", "quality": 80}


def test_one_person_is_a_lead_of_two_campaigns(using, write, person, rows):
    using(write, [person(0)])

    async def other(database):
        return await write(database, [person(0)], campaign="autumn", deliver=lambda lead: [])

    assert kinds(using(other)) == ["merged"]
    assert len(rows("SELECT FROM contacts")) == 1
    assert [row["campaign"] for row in rows("SELECT campaign FROM prospects ORDER BY 1")] == ["autumn", "spring"]


def test_a_match_that_ties_two_rows_folds_them_and_keeps_what_the_crm_calls_them(using, write, person, rows):
    masked = person(
        0, full_name=None, email=None, linkedin_url=None, company=Company(name="Firm"), lead_state="identified"
    )
    imported = person(0, provider_key=None, linkedin_url=None)
    using(write, [masked, imported])
    rows("UPDATE outbox SET state = 'sent', external_id = 'crm-' || id RETURNING id")
    assert len(rows("SELECT FROM contacts")) == 2
    assert kinds(using(write, [person(0)])) == ["merged"]
    (contact,) = in_clear("contacts", rows("SELECT id, provider_id, email FROM contacts"))
    assert (contact["provider_id"], contact["email"]) == ("apollo:0", "ann0@firm0.example.com")
    (waiting,) = rows("SELECT external_id, state FROM outbox")
    assert waiting["external_id"].startswith("crm-")
    assert rows("SELECT lead_state FROM prospects") == [{"lead_state": "ready"}]


def test_a_company_of_two_sources_is_one(using, write, person, origin, rows):
    registered = Company(name="Firm 0 Works", uei="ABCDEFGHIJK1", city="Denver", state="CO", origin=origin(9))
    using(write, [person(0)])
    assert kinds(using(write, [registered])) == ["merged"]
    (company,) = rows("SELECT uei, domain, employees, employee_range, lead_score FROM companies")
    assert company == {
        "uei": "ABCDEFGHIJK1",
        "domain": "firm0.example.com",
        "employees": 120,
        "employee_range": "51-200",
        "lead_score": 70,
    }


def test_two_halves_of_a_company_fold_when_a_record_ties_them(using, write, person, rows):
    apollo = person(0)
    apollo.company.city = apollo.company.state = None
    registered = Company(name="Firm 0 Works", uei="ABCDEFGHIJK1", city="Denver", state="CO")
    using(write, [apollo, registered])
    assert len(rows("SELECT FROM companies")) == 2
    registered_first = Contact(email="bob@firm0.example.com", company=registered)
    using(write, [registered_first])
    using(write, [Contact(email="bob@firm0.example.com", title="CFO"), person(1)])
    (company,) = rows("SELECT id, uei FROM companies")
    assert company["uei"] == "ABCDEFGHIJK1"
    assert {row["company_id"] for row in rows("SELECT company_id FROM contacts")} == {company["id"]}


def test_a_company_known_by_name_only_is_kept_for_its_person(using, write, rows):
    someone = Contact(email="ann@a.example.com", company=Company(name="Somewhere"))
    using(write, [someone])
    using(write, [someone])
    assert rows("SELECT f.name FROM contacts c JOIN companies f ON f.id = c.company_id") == [{"name": "Somewhere"}]
    assert len(rows("SELECT FROM companies")) == 1


def test_a_person_without_any_company_is_stored(using, write, rows):
    using(write, [Contact(email="ann@a.example.com")])
    assert rows("SELECT company_id FROM contacts") == [{"company_id": None}]


def test_a_company_lead_has_a_state_of_its_own(using, write, rows, scores):
    whole = Company(
        name="Firm",
        domain="firm.example.com",
        naics_code="332710",
        employee_min=51,
        employee_max=200,
        city="Dayton",
        state="OH",
        scores=scores(),
    )
    using(write, [Company(name="Unplaced"), Company(name="Keyed", uei="ABCDEFGHIJK1"), whole])
    found = rows("SELECT company_name, lead_state, company_size FROM company_leads ORDER BY lead_state")
    assert [tuple(row.values()) for row in found] == [
        ("Keyed", "identified", None),
        ("Unplaced", "raw", None),
        ("Firm", "ready", "51-200"),
    ]


def test_cells_are_stored_once_and_revised(using, write, rows):
    assert kinds(using(write, [cell(), cell("31-33"), cell()])) == ["stored", "stored", "merged"]
    assert kinds(using(write, [cell(establishments=11, employment=None, disclosure_code="N")])) == ["merged"]
    found = rows("SELECT establishments, employment FROM market_cells WHERE industry_code = '44-45'")
    assert found == [{"establishments": 11, "employment": None}]


def test_refusals_are_counted_and_parked_ones_kept(using, write, announce, origin, rows):
    async def work(database):
        await announce(database, 3)
        return await write(
            database,
            [
                Refusal(origin=origin(0), outcome="refused", reason="too-small", stage="suppress"),
                Refusal(origin=origin(1), outcome="suppressed", reason="opted-out", stage="suppress"),
                Refusal(
                    origin=origin(2), outcome="parked", reason="unreadable", stage="normalize", payload={"a": "b\0"}
                ),
            ],
        )

    assert kinds(using(work)) == ["refused", "suppressed", "parked"]
    (receipt,) = rows("SELECT counts FROM receipts")
    assert receipt["counts"] == {"refused:too-small": 1, "suppressed": 1, "parked:unreadable": 1}
    (parked,) = in_clear("parked_records", rows("SELECT id, stage, reason, payload, run_id FROM parked_records"))
    del parked["id"]
    assert parked == {"stage": "normalize", "reason": "unreadable", "payload": {"a": "b"}, "run_id": "run"}


def test_an_empty_batch_is_nothing(using, write):
    assert using(write, []) == []


@pytest.mark.parametrize("size", [1, 7])
def test_one_bad_row_is_parked_and_the_rest_commits(using, crawl, person, rows, size):
    people = [person(n) for n in range(size)]
    people[size // 2].company.employees = 10**12  # more than any integer column holds

    outcomes = using(crawl, people)
    assert kinds(outcomes).count("parked") == 1
    assert outcomes[size // 2].reason == "database-numeric-value-out-of-range"
    assert len(rows("SELECT FROM contacts")) == size - 1
    (parked,) = in_clear("parked_records", rows("SELECT id, payload FROM parked_records"))
    assert parked["payload"]["company"]["employees"] == 10**12
    assert rows("SELECT cardinality(settled) AS n FROM receipts") == [{"n": size}]


def test_a_value_of_a_wrong_kind_is_parked(using, write, person, rows):
    assert kinds(using(write, [person(0), person(1, title={"no": "title"})])) == ["stored", "parked"]
    assert len(rows("SELECT FROM contacts")) == 1


def test_a_bad_cell_does_not_take_the_others_with_it(using, write, rows):
    cells = [cell(str(n)) for n in range(5)] + [cell("x", year=10**6)]
    assert kinds(using(write, cells)) == ["stored"] * 5 + ["parked"]


def test_nul_and_cut_emoji_harm_nobody(using, write, person, rows):
    odd = person(0, title="PPC\0 Manager", extras={"note": "a\0b"})
    odd.company.name = "Firm \ud83d"
    assert kinds(using(write, [odd])) == ["stored"]
    (row,) = in_clear("contacts", rows("SELECT id, title, extras FROM contacts"))
    assert (row["title"], row["extras"]) == ("PPC Manager", {"note": "ab"})
    assert rows("SELECT name FROM companies") == [{"name": "Firm ?"}]
