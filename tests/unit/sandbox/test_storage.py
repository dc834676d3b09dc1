"""What was written and charged is there again after a restart."""

import json
from pathlib import Path

import pytest

from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from leadspiders.sandbox.state import Sandbox
from leadspiders.sandbox.storage import FILE, DamagedError, Storage


def sandbox() -> Sandbox:
    return build(Options(people=10, companies=5), clock=lambda: 0.0)


def test_a_restart_keeps_records_links_and_charges(tmp_path: Path) -> None:
    first = sandbox()
    crm = first.crm("hubspot")
    contact = crm.add("contacts", {"email": "A@x.example.com"}, 1.0, {"email"})
    company = crm.add("companies", {"name": "X"}, 1.0, set())
    crm.link("contacts", contact.id, "companies", company.id)
    first.charges.charge("apollo", ["person 1"])
    Storage(tmp_path).save(first)

    second = sandbox()
    Storage(tmp_path).load(second)
    crm = second.crm("hubspot")
    assert crm.find("contacts", "email", "a@X.example.com") == contact
    assert crm.linked("companies", company.id, "contacts") == [contact.id]
    assert crm.add("contacts", {}, 2.0, set()).id not in (contact.id, company.id)
    second.charges.charge("apollo", ["person 1"])
    assert second.charges.charged_twice("apollo") == 1


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    for damage in ("{", "[]", '{"credits": {}}'):
        (tmp_path / FILE).write_text(damage)
        with pytest.raises(DamagedError, match="delete it"):
            Storage(tmp_path).load(sandbox())


def test_nothing_is_written_when_nothing_changed(tmp_path: Path) -> None:
    box = sandbox()
    storage = Storage(tmp_path / "new")
    storage.load(box)
    assert storage.save(box) == 0.0
    assert not (tmp_path / "new").exists()
    box.charges.charge("apollo", ["person 1"])
    storage.save(box)
    assert json.loads((tmp_path / "new" / FILE).read_text())["credits"] == {"apollo": 1}
