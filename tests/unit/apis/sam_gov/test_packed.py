import gzip

import pytest

from leadspiders.apis.sam_gov.packed import read_extract
from leadspiders.apis.sam_gov.sieve import Sieve
from leadspiders.errors import Unreadable


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_csv_and_json_packed_or_not(payload, pack):
    (from_csv,) = read_extract(pack(payload("sam_gov/extract.csv")))
    assert (from_csv.uei, from_csv.name, from_csv.cage) == ("J58ME6A75BU9", "SEWING SUGI, K.K.", "JA459")
    (from_json,) = read_extract(pack(payload("sam_gov/entity_registered.json")))
    assert from_json.uei == "UE9QJD4KK1L6"


def test_a_bare_json_list(payload):
    body = payload("sam_gov/entity_unregistered.json").strip().removeprefix(b'{\n  "entityData":').removesuffix(b"}")
    assert [company.uei for company in read_extract(body.strip())] == ["JF19T45AM8F2"]


def test_a_damaged_extract(payload):
    packed = gzip.compress(payload("sam_gov/extract.csv"))
    for body in (packed[: len(packed) // 2], b"\x1f\x8bnonsense.....", b'{"entityData": [', b"<html>", b""):
        with pytest.raises(Unreadable):
            list(read_extract(body))


def test_a_broken_entity_of_a_json_extract_is_put_aside():
    broken = []
    body = b'{"entityData": [{"coreData": {}}, {"entityRegistration": {"ueiSAM": "U"}}]}'
    assert [company.uei for company in read_extract(body, refuse=broken.append)] == ["U"]
    assert broken[0].index == 0
    with pytest.raises(Unreadable):
        list(read_extract(body))


def test_an_open_file_is_read_like_a_body(payload, tmp_path):
    path = tmp_path / "extract"
    path.write_bytes(gzip.compress(payload("sam_gov/extract.csv")))
    with path.open("rb") as body:
        assert [company.uei for company in read_extract(body)] == ["J58ME6A75BU9"]


@pytest.mark.parametrize("name", ["sam_gov/extract.csv", "sam_gov/entity_registered.json"])
def test_what_the_sieve_leaves_out_is_counted(payload, name):
    (left,) = read_extract(payload(name), sieve=Sieve(states=frozenset({"HI"})))
    assert left.reasons == {"outside-states": 1}
