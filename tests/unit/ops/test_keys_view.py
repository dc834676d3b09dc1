from leadspiders.guard.keyring import Keyring
from leadspiders.guard.keys_file import Entry
from leadspiders.ops.keys_view import HIDDEN, KeyLine, as_object, key_lines, masked, scarcest
from leadspiders.stores.redis.credential_state import CredentialState

KEY = "11" * 32
STORED = {"apollo": [Entry("apollo-in-the-file", note="ours")], "hubspot": [Entry("hubspot-in-the-file", team="t")]}
IN_USE = Keyring.of({"apollo": ["apollo-in-env", "short"], "hubspot": ["hubspot-in-the-file"]}, KEY, {"hubspot": ["t"]})
IN_FILE = Keyring.of({"apollo": ["apollo-in-the-file"], "hubspot": ["hubspot-in-the-file"]}, KEY, {"hubspot": ["t"]})


def lines(**states: CredentialState) -> list[KeyLine]:
    return key_lines(IN_USE, IN_FILE, STORED, from_file=["hubspot"], states=states)


def test_each_credential_has_its_line_and_those_out_of_use_too() -> None:
    assert [(one.api, one.ending, one.team, one.source, one.state, one.note) for one in lines()] == [
        ("apollo", "****nv", None, "env", "open", ""),
        ("apollo", "****", None, "env", "open", ""),
        ("apollo", "****le", None, "file", HIDDEN, "ours"),
        ("hubspot", "****le", "t", "file", "open", ""),
    ]


def test_what_the_crawls_know_is_told() -> None:
    first = IN_USE.ring("apollo")[0].id
    left = {"search": {60: (150, 200), 86_400: (100, 50_000)}}
    told = lines(**{first: CredentialState("refused, until 2026-11-22", left)})[0]
    assert told.state == "refused, until 2026-11-22"
    assert scarcest(told) == "100 of 50,000 a day"
    assert scarcest(lines()[1]) == ""


def test_no_key_is_in_the_list() -> None:
    shown = str(as_object("/keys.enc", lines()))
    assert not [secret for secret in (*IN_USE.secrets(), *IN_FILE.secrets()) if secret in shown]


def test_a_short_key_shows_nothing() -> None:
    assert masked("0123456789a") == "****"
