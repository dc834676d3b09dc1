import io
import json

import pytest

from leadspiders.apis.sam_gov import entity_stream
from leadspiders.apis.sam_gov.entity_stream import entities
from leadspiders.errors import Unreadable

MANY = [{"n": number, "text": 'a ] "quoted" } brace, ', "list": [1, {"x": None}]} for number in range(50)]


@pytest.mark.parametrize("piece", [7, 64, 100_000])
@pytest.mark.parametrize("indent", [None, 2])
def test_entities_come_whole_wherever_the_pieces_end(monkeypatch, piece, indent):
    found = {"totalRecords": 50, "entityData": MANY, "links": {"selfLink": "]"}}
    monkeypatch.setattr(entity_stream, "PIECE", max(piece, 64))  # the beginning must fit into one
    assert list(entities(io.StringIO(json.dumps(found, indent=indent)))) == MANY
    assert list(entities(io.StringIO(json.dumps(MANY, indent=indent)))) == MANY


def test_no_entities():
    assert list(entities(io.StringIO('{"entityData": [ ]}'))) == []


@pytest.mark.parametrize("text", ["", "{}", '{"entityData": null}', '{"entityData": [{"a": 1}, {"b"', "[", '[{"a": 1}'])
def test_what_is_cut_short_or_has_no_list_is_refused(text):
    with pytest.raises(Unreadable):
        list(entities(io.StringIO(text)))


def test_what_came_before_the_cut_is_kept():
    found = entities(io.StringIO('[{"a": 1}, {"b"'))
    assert next(found) == {"a": 1}
    with pytest.raises(Unreadable):
        next(found)


def test_only_a_piece_is_read_ahead(monkeypatch):
    monkeypatch.setattr(entity_stream, "PIECE", 100)
    text = io.StringIO(json.dumps(MANY))
    next(entities(text))
    assert text.tell() < 300
