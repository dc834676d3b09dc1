"""The three shapes of a registration: JSON sections, the flat CSV, the line of the monthly file."""

import csv
import io
import zipfile
from datetime import date

import pytest

from leadspiders.sandbox.apis import sam_csv, sam_dat, sam_json
from leadspiders.sandbox.apis.sam_extracts import first_sunday
from leadspiders.sandbox.world.registrations import Registration
from leadspiders.sandbox.world.truth import World, grow


@pytest.fixture(scope="module")
def world() -> World:
    return grow(seed=4, people=20, companies=120)


@pytest.fixture(scope="module")
def entry(world: World) -> Registration:
    return next(r for r in world.registrations if r.registered and r.evs_source == "D&B" and r.url)


def test_sections_come_only_when_asked(entry: Registration) -> None:
    assert list(sam_json.entity(entry, sam_json.DEFAULT_SECTIONS)) == ["entityRegistration", "coreData"]
    assert list(sam_json.entity(entry, ("assertions",))) == ["assertions"]


def test_an_empty_list_is_one_object_of_nulls(world: World) -> None:
    bare = next(r for r in world.registrations if r.registered and not r.psc)
    goods = sam_json.entity(bare, ("assertions",))["assertions"]["goodsAndServices"]
    assert goods["pscList"] == [{"pscCode": None, "pscDescription": None}]
    assert goods["naicsList"][0]["naicsDescription"].endswith(" ")


def test_an_unregistered_entity_says_null_in_words(world: World) -> None:
    bare = next(r for r in world.registrations if not r.registered)
    shown = sam_json.entity(bare, sam_json.SECTIONS)
    assert list(shown) == ["entityRegistration"]
    assert shown["entityRegistration"]["cageCode"] == "null"


def test_the_csv_has_345_columns(entry: Registration) -> None:
    header, line = list(csv.reader(io.StringIO(sam_csv.table([entry]))))
    record = dict(zip(header, line, strict=True))
    assert len(header) == len(set(header)) == 345
    assert record["ueiSAM"] == entry.uei
    assert record["assertions.naicsCode"] == "~".join(entry.naics)
    assert record["dodaac"] == "null"
    assert record["governmentBusinessPOC.email"] == sam_csv.HIDDEN


def test_lines_of_the_monthly_file(world: World) -> None:
    name, data = sam_dat.archive(world.registrations, date(2026, 11, 1), utf8=True)
    assert name == "SAM_PUBLIC_UTF-8_MONTHLY_V2_20261101.ZIP"
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        text = folder.read("SAM_PUBLIC_UTF-8_MONTHLY_V2_20261101.dat").decode()
    first, *lines, last = text.removesuffix("\n").split("\n")
    assert first == f"BOF PUBLIC V2 00000000 20261101 {len(lines):07d} 0008331"
    assert last == first.replace("BOF", "EOF")
    fields = [line.split("|") for line in lines]
    assert sum(len(each) != 142 for each in fields) == 1
    by_key = {(each[0], each[2]): each for each in fields if len(each) == 142}
    for entry in world.registrations:
        record = by_key.get((entry.uei, entry.eft or ""))
        if record:
            assert (record[121], record[141]) == (entry.evs_source, "!end")
            assert record[18] == record[45] == record[56] == entry.company.place.state.code
            assert record[32] == entry.naics[0]
            assert int(record[33]) == len(record[34].split("~"))


def test_the_file_is_built_on_the_first_sunday() -> None:
    assert first_sunday(2026, 9) == date(2026, 9, 6)
    assert first_sunday(2026, 11) == date(2026, 11, 1)
