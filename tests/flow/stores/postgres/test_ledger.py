"""Every way in which receipts and tables can part, each made on purpose."""

import pytest

from leadspiders.items.company import Company
from leadspiders.items.market_cell import MarketCell
from leadspiders.stores.postgres.ledger import differences, remember_removal, removed
from leadspiders.stores.postgres.writer import Refusal


@pytest.fixture
def compared(using):
    """The causes that the ledger names after `work(database, connection)` has done its harm."""

    def compare(fill, harm=None):
        async def work(database):
            await fill(database)
            async with database.connection() as connection:
                if harm:
                    await harm(connection)
                return [(one.cause, one.expected, one.found) for one in await differences(connection, "spring")]

        return using(work)

    return compare


@pytest.fixture
def filled(announce, write, person, origin):
    """Four records: two stored, one merged, one parked."""

    async def fill(database):
        await announce(database, 4)
        await write(database, [person(0), person(1), person(0, origin=origin(2))])
        await write(database, [Refusal(origin=origin(3), outcome="parked", reason="odd", stage="normalize", payload=1)])

    return fill


EMAIL = "ann@firm0.example.com"


def harmed_by(statement):
    async def harm(connection):
        await connection.execute(statement)

    return harm


def test_what_was_written_as_it_should_be_agrees(compared, filled):
    assert compared(filled) == []


def test_the_company_of_a_person_is_no_record_of_its_own(compared, filled, rows):
    assert compared(filled) == []
    assert rows("SELECT record_index FROM companies") == [{"record_index": None}]


def test_companies_that_are_records_are_counted(compared, announce, write, origin):
    async def fill(database):
        await announce(database, 2)
        firms = [Company(name=f"Firm {n}", uei=f"UEI{n:09}", state="OH", city="Dayton") for n in range(2)]
        for place, firm in enumerate(firms):
            firm.origin = origin(place)
        await write(database, firms)

    assert compared(fill) == []
    assert compared(fill, harmed_by("DELETE FROM companies WHERE uei = 'UEI000000001'")) == [("row-missing", 2, 1)]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DELETE FROM contacts WHERE record_index = 1", [("row-missing", 2, 1)]),
        ("UPDATE contacts SET record_index = 0", [("twins", 1, 2)]),
        (
            (
                "INSERT INTO contacts (id, run_id, receipt, record_index)"
                " SELECT gen_random_uuid(), run_id, receipt, 2 FROM receipts"
            ),
            [("row-too-many", 2, 3)],
        ),
        ("UPDATE receipts SET counts = counts || '{\"stored\": 3}'", [("miscounted", 4, 5), ("row-missing", 3, 2)]),
        ("UPDATE receipts SET settled = '{0,1,2,2}'", [("miscounted", 4, 4)]),
        ("UPDATE receipts SET seen = 3", [("unannounced", 3, 4)]),
        ("DELETE FROM parked_records", [("parked-missing", 1, 0)]),
        (
            (
                "INSERT INTO parked_records (id, campaign, run_id, receipt, record_index, stage, reason)"
                " SELECT gen_random_uuid(), campaign, run_id, receipt, 1, 'store', 'x' FROM receipts"
            ),
            [("parked-too-many", 1, 2)],
        ),
    ],
)
def test_each_harm_has_its_name(compared, filled, statement, named):
    assert compared(filled, harmed_by(statement)) == named


def test_rows_of_a_receipt_that_is_gone_are_found(compared, filled):
    async def harm(connection):
        await connection.execute("INSERT INTO runs (run_id, campaign) VALUES ('run', 'spring')")
        await connection.execute("DELETE FROM receipts")

    assert compared(filled, harm) == [("no-receipt", 0, 2)]


def test_a_cell_that_is_gone_is_found(compared, announce, write, origin):
    def cell(code, index):
        return MarketCell(
            area_fips="39000", own_code="5", industry_code=code, agglvl_code="54", size_code="0", year=2025, qtr="1",
            disclosure_code="", establishments=5, employment=9, total_wages=1, avg_weekly_wage=1,
            origin=origin(index, source="bls"),
        )  # fmt: skip

    async def fill(database):
        await announce(database, 3)
        await write(database, [cell("51", 0), cell("52", 1), cell("51", 2)])
        async with database.connection() as connection:
            await connection.execute("UPDATE receipts SET source = 'bls'")

    assert compared(fill) == []
    harm = harmed_by("DELETE FROM market_cells WHERE industry_code = '52'")
    assert compared(fill, harm) == [("cells", 2, 1)]


def test_two_rows_that_became_one_still_add_up(using, announce, write, person):
    async def work(database):
        await announce(database, 3)
        await write(database, [person(0, email=None), person(1, linkedin_url=None, email=EMAIL, provider_key=None)])
        await write(database, [person(2, linkedin_url=person(0).linkedin_url, email=EMAIL, provider_key=None)])
        async with database.connection() as connection:
            return await differences(connection, "spring"), await removed(connection, "spring")

    found, gone = using(work)
    assert found == []
    assert gone == {"folded": 1}


def test_what_is_erased_is_remembered_by_its_id_alone(using, filled, rows):
    async def work(database):
        await filled(database)
        async with database.connection() as connection:
            found = await connection.execute("SELECT id FROM contacts WHERE record_index = 1")
            ids = [row[0] for row in await found.fetchall()]
            await remember_removal(connection, "contacts", ids, cause="erased")
            await connection.execute("DELETE FROM contacts WHERE id = ANY(%s)", [ids])
            return await differences(connection, "spring"), await removed(connection, "spring")

    assert using(work) == ([], {"erased": 1})
    (kept,) = rows("SELECT * FROM removed_rows")
    assert set(kept) == {"id", "relation", "cause", "kept", "run_id", "receipt", "record_index", "removed_at"}
