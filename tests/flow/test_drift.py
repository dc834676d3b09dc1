"""A source that changes its shape is noticed by field, and fails the run when more than the campaign allows differs."""

import json
from pathlib import Path
from typing import Any

PAYLOAD = Path(__file__).parents[2] / "fixtures/payloads/sam_gov/entity_registered.json"


def _crawl(scrapy: Any, folder: Path, answer: dict[str, Any], code: int) -> str:
    path = folder / "entities.json"
    path.write_text(json.dumps(answer))
    done = scrapy("crawl", "samgov", "-a", "campaign=dpc_employers", "-a", f"files={path}", code=code)
    return str(done.stderr)


def test_a_source_as_its_contract_says_drifts_nowhere(scrapy: Any, tmp_path: Path) -> None:
    assert "leads/drift/" not in _crawl(scrapy, tmp_path, json.loads(PAYLOAD.read_text()), code=0)


def test_a_field_that_was_renamed_is_named_twice_and_fails_the_run(scrapy: Any, tmp_path: Path) -> None:
    answer = json.loads(PAYLOAD.read_text())
    for entity in answer["entityData"]:
        entity["entityRegistration"]["registeredName"] = entity["entityRegistration"].pop("legalBusinessName")
    told = _crawl(scrapy, tmp_path, answer, code=1)
    assert "leads/drift/sam_gov.entities/entityRegistration.legalBusinessName" in told
    assert "leads/drift/sam_gov.entities/entityRegistration.registeredName" in told


def test_a_field_that_is_new_is_named_and_costs_nothing(scrapy: Any, tmp_path: Path) -> None:
    answer = json.loads(PAYLOAD.read_text())
    answer["entityData"][0]["entityRegistration"]["moonPhase"] = "full"
    told = _crawl(scrapy, tmp_path, answer, code=0)
    assert "leads/drift/sam_gov.entities/entityRegistration.moonPhase" in told
