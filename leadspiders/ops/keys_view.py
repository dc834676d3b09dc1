"""The credentials of the installation as a list that anybody may see: ids and endings, never a key."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from leadspiders.guard.keyring import Keyring
from leadspiders.guard.keys_file import Entries
from leadspiders.stores.redis.credential_state import CredentialState

SHOWN = 2
SHORTEST_SHOWN = 12  # two characters of a shorter key would be too much of it
TITLES = ("api", "id", "key", "team", "from", "state", "left", "note")
WINDOWS = {60: "minute", 3_600: "hour", 86_400: "day"}
OPEN, HIDDEN = "open", "not used: the environment gives this API's keys"

NOTHING = CredentialState()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """One credential. `source` is `env` or `file`; `state` is `open`, or why it is not used now.

    `left` holds the calls that are left and allowed in each window, as far as a crawl has used the credential.
    """

    api: str
    id: str
    ending: str
    team: str | None
    source: str
    state: str
    note: str
    left: Mapping[str, Mapping[int, tuple[int, int]]]


def key_lines(
    in_use: Keyring,
    in_file: Keyring,
    stored: Entries,
    *,
    from_file: Collection[str],
    states: Mapping[str, CredentialState],
) -> list[KeyLine]:
    """One line a credential, by API and in the order in which they are tried.

    `from_file` names the APIs whose keys the file gives; a key of the file that the environment puts out of use is
    listed too, because it looks as if it worked. `states` is what the crawls know, by id.
    """
    notes = {(api, entry.key): entry.note for api, entries in stored.items() for entry in entries}
    lines = []
    for api in sorted(in_use.apis() | in_file.apis()):
        by_file = api in from_file
        shown = [
            (one, "file" if by_file else "env", states.get(one.id, NOTHING).closed or OPEN) for one in in_use.ring(api)
        ]
        shown += [] if by_file else [(one, "file", HIDDEN) for one in in_file.ring(api)]
        lines += [
            KeyLine(
                api=api,
                id=one.id,
                ending=masked(one.secret),
                team=one.team,
                source=source,
                state=state,
                note=notes.get((api, one.secret), "") if source == "file" else "",
                left=states.get(one.id, NOTHING).left,
            )
            for one, source, state in shown
        ]
    return lines


def masked(secret: str) -> str:
    """Enough to tell two keys apart."""
    return "****" + (secret[-SHOWN:] if len(secret) >= SHORTEST_SHOWN else "")


def as_object(path: str, lines: Sequence[KeyLine]) -> dict[str, Any]:
    """The list as one JSON object."""
    return {"file": path, "credentials": [asdict(line) for line in lines]}


def as_table(lines: Sequence[KeyLine]) -> Table:
    """The list for a terminal."""
    table = Table(*TITLES, box=None, header_style="bold", padding=(0, 2, 0, 0))
    for line in lines:
        told = (line.api, line.id, line.ending, line.team or "", line.source, line.state, scarcest(line), line.note)
        table.add_row(*told)
    return table


def scarcest(line: KeyLine) -> str:
    """The window that has the smallest share left."""
    windows = [(left, most, seconds) for group in line.left.values() for seconds, (left, most) in group.items()]
    if not windows:
        return ""
    left, most, seconds = min(windows, key=lambda window: window[0] / max(window[1], 1))
    return f"{left:,} of {most:,} a {WINDOWS.get(seconds, f'{seconds} s')}"
