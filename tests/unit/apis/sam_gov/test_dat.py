import pytest

from leadspiders.apis.sam_gov import dat, sieve
from leadspiders.apis.sam_gov.dat import read_dat
from leadspiders.apis.sam_gov.sieve import Sieve
from leadspiders.errors import Unreadable

# The example of the layout, invented.
GEAR = (
    "ABCDEFGH1J23|||9ZZ99||A|Z2|20190304|20270210|20260211|20260212|OHIO GEAR WORKS LLC||||12 MILL ST||DAYTON|OH|45402|"
    "1234|USA|10| |19980501|1231|http://www.ohiogear.example.com|2L|OH|USA|0002|2X~LJ|332710|0002|332710Y~332721Y|0000||N||"
    "12 MILL ST||DAYTON|45402|1234|USA|OH|DANA||FIELD|PRESIDENT|12 MILL ST||DAYTON|45402|1234|USA|OH"
    + "|" * 56
    + "0000||N| |0000|||0000||E&Y"
    + "| " * 19
    + "|!end"
)


def edge(name, count):
    return f"{name} PUBLIC V2 00000000 20261101 {count:07d} 0008390\n"


def whole(*records, count=None):
    count = len(records) if count is None else count
    return [edge("BOF", count), *(f"{record}\n" for record in records), edge("EOF", count)]


def with_field(place, value):
    fields = GEAR.split("|")
    fields[place - 1] = value
    return "|".join(fields)


def test_the_real_file(payload):
    lines = payload("sam_gov/monthly_v2.dat").decode().split("\n")
    active, expired = read_dat(line + "\n" for line in lines if line)
    assert (active.uei, active.cage, active.name) == ("UE9QJD4KK1L6", "5UTE1", "LEIDOS, INC.")
    assert (active.state, active.postal_code, active.city) == ("VA", "20190", "RESTON")
    assert (active.naics_code, len(active.extras["naics_list"])) == ("541715", 66)
    assert active.extras["naics_list"][:2] == ["236220", "332311"]
    assert (active.marketing_use, active.extras["evs_source"]) == ("no", "D&B")
    assert active.extras["registration_status"] == "active"
    assert active.extras["division"] == "LEIDOS INTEGRATION OPERATING SEGMENT"
    assert (expired.uei, expired.marketing_use) == ("C39LJA3KD378", "yes")
    assert expired.extras["registration_status"] == "expired"
    assert expired.domain == "uscsalkehatchie.sc.edu"


def test_every_field_by_its_place():
    (company,) = read_dat(whole(GEAR))
    assert (company.website, company.domain) == ("http://www.ohiogear.example.com", "ohiogear.example.com")
    assert (company.street, company.country, company.founded_year) == ("12 MILL ST", "USA", 1998)
    assert company.extras == {
        "purpose": "Z2",
        "registered": "2019-03-04",
        "expires": "2027-02-10",
        "updated": "2026-02-11",
        "structure": "2L",
        "state_of_incorporation": "OH",
        "business_types": ["2X", "LJ"],
        "naics_list": ["332710", "332721"],
        "contacts": [{"role": "government", "name": "DANA FIELD", "title": "PRESIDENT"}],
        "registration_status": "active",
        "evs_source": "E&Y",
    }


@pytest.mark.parametrize(
    ("place", "value", "read"),
    [
        (17, "UNIT 4", lambda company: company.street == "12 MILL ST, UNIT 4"),
        (19, " ", lambda company: company.state is None),
        (13, "GEARS R US", lambda company: company.extras["dba_name"] == "GEARS R US"),
        (24, "Y", lambda company: company.extras["dnb_open_data"] is True),
        (116, "D", lambda company: company.extras["excluded"] is True),
        (118, "A620271108~XX20271108", lambda company: company.extras["sba_types"] == ["A6", "XX"]),
        (119, "NPDY", lambda company: company.marketing_use == "no"),
        (122, "", lambda company: company.marketing_use == "unknown"),
        (94, "TREASURER", lambda company: len(company.extras["contacts"]) == 1),
        (93, "HALL", lambda company: company.extras["contacts"][1] == {"role": "electronic", "name": "HALL"}),
    ],
)
def test_odd_fields(place, value, read):
    (company,) = read_dat(whole(with_field(place, value)))
    assert read(company)


def test_the_named_places_are_those_of_the_layout():
    fields = GEAR.split("|")
    assert [fields[place] for place in (dat.UEI, dat.CAGE, dat.STATUS, dat.NAME)] == [
        "ABCDEFGH1J23",
        "9ZZ99",
        "A",
        "OHIO GEAR WORKS LLC",
    ]
    assert [fields[place] for place in (dat.CITY, dat.STATE, dat.COUNTRY)] == ["DAYTON", "OH", "USA"]
    assert [fields[place] for place in (dat.URL, dat.NAICS, dat.EVS_SOURCE)] == [
        "http://www.ohiogear.example.com",
        "332710",
        "E&Y",
    ]


def test_what_the_sieve_leaves_out_is_counted_by_reason():
    lines = whole(GEAR, with_field(19, "TX"), with_field(122, "D&B"), with_field(6, "E"), GEAR)
    company, left = read_dat(lines, sieve=Sieve(status="A", states=frozenset({"TX"})))
    assert company.state == "TX"
    assert left.reasons == {"outside-states": 3, "registration-status": 1}


def test_what_was_left_out_of_a_short_file_is_counted_too():
    records = read_dat([edge("BOF", 3), GEAR, GEAR], sieve=Sieve(states=frozenset({"TX"})))
    assert next(records).reasons == {"outside-states": 2}
    with pytest.raises(Unreadable, match="2 read"):
        next(records)


def test_bundles_come_before_they_are_large(monkeypatch):
    monkeypatch.setattr(sieve, "LEFT_AT_ONCE", 2)
    bundles = list(read_dat(whole(*[GEAR] * 5), sieve=Sieve(states=frozenset({"TX"}))))
    assert [sum(bundle.reasons.values()) for bundle in bundles] == [2, 2, 1]


def test_a_file_of_another_layout_is_refused_before_all_its_lines_are_put_aside():
    broken = []
    with pytest.raises(Unreadable, match="the layout has changed"):
        list(read_dat(whole(*[GEAR + "|more"] * 500), refuse=broken.append))
    assert len(broken) == dat.MOST_BROKEN_FIRST


@pytest.mark.parametrize(
    "bad", [GEAR.replace("12 MILL ST", "12 | MILL ST"), GEAR.replace("!end", "!en"), "", "half a record"]
)
def test_a_line_that_is_no_record_is_put_aside(bad):
    broken = []
    assert len(list(read_dat(whole(GEAR, bad, GEAR), refuse=broken.append))) == 2
    assert [(one.index, one.raw) for one in broken] == [(1, bad)]
    with pytest.raises(Unreadable, match="record 2"):
        list(read_dat(whole(GEAR, bad, GEAR)))


def test_a_record_broken_in_two_lines_does_not_upset_the_count():
    broken = []
    half, rest = GEAR[:50], GEAR[50:]
    assert len(list(read_dat(whole(GEAR, half, rest, count=2), refuse=broken.append))) == 1
    assert len(broken) == 2


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([edge("BOF", 3), GEAR, GEAR], r"3 records announced, 2 read, and no EOF"),
        ([edge("BOF", 3), GEAR, GEAR, edge("EOF", 3)], r"announces 3 .* holds 2"),
        ([edge("BOF", 1), GEAR, GEAR, edge("EOF", 1)], r"announces 1 .* holds 2"),
        ([edge("BOF", 2), GEAR, GEAR, edge("EOF", 3)], r"EOF: 3"),
    ],
)
def test_a_file_that_does_not_add_up_gives_its_good_records_first(lines, words):
    companies = read_dat(lines)
    assert [next(companies).uei, next(companies).uei] == ["ABCDEFGH1J23"] * 2
    with pytest.raises(Unreadable, match=words):
        next(companies)


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("BOF PUBLIC 00000000 20140504 0000223 0000089", "V1"),
        ("BOF FOUO V2 00000000 20261101 0000001 0000001", "no public V2"),
        ("uei,name", "BOF"),
        ("", "BOF"),
    ],
)
def test_other_files_are_refused_by_name(first, words):
    with pytest.raises(Unreadable, match=words):
        list(read_dat([first + "\n", GEAR]))


def test_no_lines_at_all():
    with pytest.raises(Unreadable):
        list(read_dat([]))


def test_an_empty_month():
    assert list(read_dat(whole())) == []


def test_lines_are_read_as_they_come():
    def lines():
        yield edge("BOF", 2)
        yield GEAR + "\r\n"
        raise AssertionError("read ahead")

    assert next(read_dat(lines())).uei == "ABCDEFGH1J23"
