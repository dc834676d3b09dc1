"""Who is who in the store: recall and writer judge alike, jobs stay whole, opt-outs and decisions hold."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from leadspiders.campaigns.loader import load
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.pipelines.store import judgment
from leadspiders.rules.clean import clean_company, clean_contact
from leadspiders.rules.delivery import destinations
from leadspiders.rules.readiness import state_of
from leadspiders.rules.scores import scores
from leadspiders.stores.postgres import suppressions
from leadspiders.stores.postgres.dossier import dossiers
from leadspiders.stores.postgres.employer_scores import Judgment
from leadspiders.stores.postgres.pairs import keep_apart, merge_pair
from leadspiders.stores.postgres.prospects import withdraw
from leadspiders.stores.postgres.recall import recall
from leadspiders.stores.postgres.writer import Writer

CAMPAIGN = load("performance_marketers")
PROFILE = "https://www.linkedin.com/in/dana-field"


@pytest.fixture
def store(using, keyed_hash):
    """Clean, recall, score and write one record, as the stages do."""

    async def stored(database, item, campaign):
        (clean_contact if isinstance(item, Contact) else clean_company)(item)
        await recall(database, [item], keyed_hash)
        if isinstance(item, Contact):
            item.lead_state = state_of(item)
        item.scores = scores(item, campaign)
        writer = Writer(
            database,
            campaign=campaign.name,
            run_id="run",
            keyed_hash=keyed_hash,
            deliver=lambda lead: destinations(lead, campaign),
            judgment=judgment(campaign),
        )
        (outcome,) = await writer.write([item])
        return outcome

    return lambda item, campaign=CAMPAIGN: using(stored, item, campaign)


@pytest.fixture
def dana(origin):
    """Dana, at Ohio Gear Works unless said otherwise; `days` later than the first."""

    def make(days=0, source="apollo", **said):
        came = origin(source=source)
        came = replace(came, fetched_at=came.fetched_at + timedelta(days=days))
        employer = Company(
            name="Ohio Gear Works",
            domain="ohiogear.com",
            website="https://ohiogear.com",
            industry="retail",
            employees=100,
            phone="+12122231234",
        )
        values = {
            "full_name": "Dana Field",
            "title": "Media Buyer",
            "linkedin_url": PROFILE,
            "email": "dana@ohiogear.com",
            "email_status": "valid",
            "city": "New York",
            "state": "NY",
            "phone": "+12122231235",
            "company": employer,
            "origin": came,
        }
        return Contact(**values | said)

    return make


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"name": "First Choice Dental", "domain": "first-a.com", "street": "100 Main Street"},
            {"name": "First Choice Dental", "street": "9000 Oak Avenue"},
        ),
        (
            {"name": "Buckeye Holdings", "ein": "31-1234567", "city": "Columbus"},
            {"name": "Sunrise Nursing Home", "ein": "31-1234567", "city": "Toledo"},
        ),
    ],
)
def test_what_the_writer_keeps_apart_the_recall_does_not_unite(store, rows, one, other):
    store(Company(**{"city": "Dayton", "state": "OH", "employees": 900} | one))
    second = Company(**{"city": "Dayton", "state": "OH"} | other)
    assert store(second).kind == "stored"
    assert second.employees is None
    assert len(rows("SELECT FROM companies")) == 2
    assert len(rows("SELECT FROM pairs")) == 1


def texas():
    return Company(name="Texas Petroleum Holdings", domain="texpetro.com")


def test_who_changes_the_job_changes_all_of_it(store, rows, dana):
    store(dana())
    store(dana(days=10, title="CFO", email="dana@texpetro.com", city="Houston", state="TX", company=texas()))
    query = "SELECT title, k.city, f.name, k.email_hash FROM contacts k JOIN companies f ON f.id = k.company_id"
    (row,) = rows(query)
    assert (row["title"], row["city"], row["name"]) == ("CFO", "Houston", "Texas Petroleum Holdings")
    assert bytes(row["email_hash"]) == b"email:dana@texpetro.com"


@pytest.mark.parametrize("said", [{"days": -10}, {"source": "file:old"}])
def test_an_old_job_or_an_imported_one_is_none_of_it(store, rows, dana, said):
    store(dana())
    store(dana(**said, title="CFO", email="dana@texpetro.com", city="Houston", state="TX", company=texas()))
    query = "SELECT title, k.city, f.name, k.email_hash FROM contacts k JOIN companies f ON f.id = k.company_id"
    (row,) = rows(query)
    assert (row["title"], row["city"], row["name"]) == ("Media Buyer", "New York", "Ohio Gear Works")
    assert bytes(row["email_hash"]) == b"email:dana@ohiogear.com"


def test_a_record_of_another_employer_is_not_given_the_old_title(using, store, dana, keyed_hash):
    store(dana())
    moved = Contact(linkedin_url=PROFILE, company=texas())
    using(recall, [moved], keyed_hash)
    assert (moved.known, moved.title, moved.city, moved.phone) == (True, None, None, "+12122231235")


def test_an_employer_of_whom_only_the_name_is_known(store, rows, dana):
    store(dana())
    store(dana(days=10, title="CFO", company=Company(name="Texas Petroleum Holdings")))
    (row,) = rows("SELECT title, f.name FROM contacts k JOIN companies f ON f.id = k.company_id")
    assert row == {"title": "CFO", "name": "Texas Petroleum Holdings"}


def test_an_opt_out_holds_for_a_record_with_another_telephone(using, store, rows, dana, keyed_hash):
    store(dana())
    hashed = keyed_hash("phone", "+12122231235")
    using(lambda database: suppressions.add(database, [("phone", hashed)], reason="asked"))
    for days in (5, 10):
        store(dana(days=days, phone=f"+1212223124{days // 5}"))
        assert rows("SELECT lead_state, is_qualified FROM prospects") == [
            {"lead_state": "suppressed", "is_qualified": False}
        ]
    using(suppressions.remove, [hashed])
    store(dana(days=15, phone="+12122231249"))
    assert rows("SELECT lead_state FROM prospects") == [{"lead_state": "ready"}]


def test_a_suppressed_row_that_is_folded_keeps_the_other_out(using, store, rows, dana, keyed_hash):
    store(dana(phone=None, email=None))
    store(dana(linkedin_url=None, provider_key="apollo:5", email=None, city=None))
    assert len(rows("SELECT FROM contacts")) == 2
    hashed = keyed_hash("phone", "+12122231235")
    using(lambda database: suppressions.add(database, [("phone", hashed)], reason="asked"))
    store(dana(phone=None, email=None, provider_key="apollo:5"))
    assert rows("SELECT lead_state, is_qualified FROM prospects") == [
        {"lead_state": "suppressed", "is_qualified": False}
    ]


def test_what_is_scored_is_what_is_stored(store, rows, dana):
    store(dana())
    before = rows("SELECT quality, quality_points FROM prospects")
    store(dana(source="file:old", title="Janitor", city="Boise", state="ID"))
    assert rows("SELECT title FROM contacts") == [{"title": "Media Buyer"}]
    assert rows("SELECT quality, quality_points FROM prospects") == before


def test_kept_apart_for_good(using, store, rows, dana):
    store(dana(email=None, city=None))
    store(dana(linkedin_url=None, city=None, title="Buyer"))
    (pair,) = rows("SELECT id FROM pairs")
    using(keep_apart, pair["id"])
    store(dana())
    assert len(rows("SELECT FROM contacts")) == 2
    assert rows("SELECT state FROM pairs") == [{"state": "apart"}]


@pytest.fixture
def merge(using, keyed_hash):
    """Merge a pair, judged by the campaign."""
    return lambda pair: using(merge_pair, pair, keyed_hash, {CAMPAIGN.name: lambda lead: scores(lead, CAMPAIGN)})


def test_a_merge_by_hand_scores_the_lead_and_sends_it_again(store, rows, dana, merge, database):
    store(dana(email=None, city=None, title="Head of Gears"))
    store(dana(days=1, linkedin_url=None, city=None))
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO outbox (campaign, destination, lead_id, state) SELECT campaign, 'hubspot', lead_id, 'sent'"
            " FROM prospects ON CONFLICT (lead_id, campaign, destination) DO UPDATE SET state = 'sent'"
        )
    (pair,) = rows("SELECT id FROM pairs")
    best = max(row["quality"] for row in rows("SELECT quality FROM prospects"))
    merge(pair["id"])
    (prospect,) = rows("SELECT quality FROM prospects")
    assert prospect["quality"] > best
    assert rows("SELECT state, version > 1 AS newer FROM outbox WHERE destination = 'hubspot'") == [
        {"state": "pending", "newer": True}
    ]


def test_who_is_withdrawn_keeps_what_was_sent_and_comes_back(using, store, rows, dana, database):
    lead = store(dana()).id
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO outbox (campaign, destination, lead_id, state, external_id)"
            " VALUES (%s, 'hubspot', %s, 'sent', '7') ON CONFLICT (lead_id, campaign, destination)"
            " DO UPDATE SET state = 'sent', external_id = '7'",
            [CAMPAIGN.name, lead],
        )
    assert using(withdraw, CAMPAIGN.name, [lead]) == 1
    assert rows("SELECT lead_state, is_qualified FROM prospects") == [{"lead_state": "rejected", "is_qualified": False}]
    assert rows("SELECT external_id FROM outbox WHERE destination = 'hubspot'") == [{"external_id": "7"}]
    store(dana(days=5))
    assert rows("SELECT lead_state FROM prospects") == [{"lead_state": "ready"}]


def test_what_was_bought_under_another_key_is_told(using, store, keyed_hash, dana, database):
    store(dana(extras={"bought_as": "dana field|ohiogear.com"}))
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO spend (id, reservation, campaign, run_id, provider, offer, fact, lead, state, credits, usd,"
            " usd_per_credit, price) VALUES (gen_random_uuid(), gen_random_uuid(), %s, 'r', 'hunter', 'find', 'f', %s,"
            " 'settled', 1, 0.5, 0.5, 'x')",
            [CAMPAIGN.name, keyed_hash("fact", "dana field|ohiogear.com").hex()],
        )
    (found,) = using(dossiers, "linkedin", PROFILE, keyed_hash)
    assert [row["usd"] for row in found.standings[0].spent] == [0.5]
    again = Contact(linkedin_url=PROFILE)
    using(recall, [again], keyed_hash)
    assert again.extras["bought_as"] == "dana field|ohiogear.com"


def test_colleagues_are_scored_again_only_where_their_points_change(using, dana, rows, keyed_hash):
    campaign = load("dpc_employers")
    judged = judgment(campaign)
    scored = []

    def score(lead):
        scored.append(lead)
        return judged.score(lead)

    async def write(database, items):
        counting = Judgment(score=score, counts=judged.counts, employers=True)
        writer = Writer(
            database, campaign=campaign.name, run_id="r", keyed_hash=keyed_hash, deliver=list_none, judgment=counting
        )
        await writer.write(items)

    def people(first, last):
        return [
            dana(full_name=f"Ann Lee{n}", linkedin_url=f"{PROFILE}-{n}", email=None, title="CFO", lead_state="ready")
            for n in range(first, last)
        ]

    using(write, people(0, 20))
    fits = {row["fit"] for row in rows("SELECT fit FROM prospects WHERE contact_id IS NOT NULL")}
    assert len(fits) == 1  # all were scored by the twenty who were found
    scored.clear()
    using(write, people(20, 21))
    assert rows("SELECT decision_makers FROM companies") == [{"decision_makers": 21}]
    assert len(scored) <= 4


def list_none(lead):
    return []
