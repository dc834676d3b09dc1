"""What outlives the process: CRM records and charged facts, in one file that is always whole."""

import json
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from leadspiders.sandbox.crm import Crm, Record
from leadspiders.sandbox.state import Sandbox

FILE = "sandbox.json"


class DamagedError(Exception):
    """Raised when the state cannot be read back."""


class Storage:
    """Saves a sandbox below `directory` when something changed; a crash leaves the last whole state."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / FILE
        self.saved = -1

    def load(self, sandbox: Sandbox) -> None:
        """Take over what an earlier process left; nothing there is no error. Raises `DamagedError`."""
        if self.path.exists():
            try:
                _take_over(sandbox, json.loads(self.path.read_text("utf-8")))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise DamagedError(f"{self.path} is damaged: delete it, and the sandbox starts afresh") from error
        self.saved = _changes(sandbox)

    def save(self, sandbox: Sandbox) -> float:
        """Write the state if it changed since the last time; returns the seconds it took."""
        changes = _changes(sandbox)
        if changes == self.saved:
            return 0.0
        started = time.perf_counter()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(_state(sandbox)), "utf-8")
        fresh.replace(self.path)
        self.saved = changes
        return time.perf_counter() - started


def _changes(sandbox: Sandbox) -> int:
    return sandbox.charges.changes + sum(crm.changes for crm in sandbox.crms.values())


def _take_over(sandbox: Sandbox, state: dict[str, Any]) -> None:
    sandbox.charges.credits = Counter(state["credits"])
    sandbox.charges.facts = {api: Counter(facts) for api, facts in state["facts"].items()}
    sandbox.crms = {name: _crm(data) for name, data in state["crms"].items()}


def _state(sandbox: Sandbox) -> dict[str, Any]:
    return {
        "credits": sandbox.charges.credits,
        "facts": sandbox.charges.facts,
        "crms": {
            name: {
                "records": {
                    kind: [asdict(record) for record in records.values()] for kind, records in crm.records.items()
                },
                "properties": crm.properties,
                "links": [[*key, list(ids)] for key, ids in crm.links.items()],
                "last_id": crm.last_id,
                "index": crm.index,
            }
            for name, crm in sandbox.crms.items()
        },
    }


def _crm(data: dict[str, Any]) -> Crm:
    return Crm(
        records={
            kind: {record["id"]: Record(**record) for record in records} for kind, records in data["records"].items()
        },
        properties=data["properties"],
        links={(kind, start, other): dict.fromkeys(ids) for kind, start, other, ids in data["links"]},
        last_id=data["last_id"],
        index=data["index"],
    )
