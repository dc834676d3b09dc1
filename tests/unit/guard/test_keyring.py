import pytest

from leadspiders.guard.keyring import Keyring

KEY = "11" * 32
CREDENTIALS = {"apollo": ["first", "second"], "hubspot": ["first"], "bls_api": []}


def test_a_ring_keeps_the_order_and_drops_what_is_given_twice() -> None:
    ring = Keyring.of({"apollo": ["b", "a", "b"]}, KEY).ring("apollo")
    assert [one.secret for one in ring] == ["b", "a"]


def test_teams_run_beside_the_keys_and_may_be_fewer() -> None:
    ring = Keyring.of(CREDENTIALS, KEY, {"apollo": ["sales"]}).ring("apollo")
    assert [one.team for one in ring] == ["sales", None]


def test_an_api_without_keys_has_an_empty_ring() -> None:
    keyring = Keyring.of(CREDENTIALS, KEY)
    assert keyring.ring("bls_api") == keyring.ring("unknown") == ()
    assert keyring.apis() == {"apollo", "hubspot"}


def test_an_id_is_the_same_for_an_installation_and_another_elsewhere() -> None:
    ids = [[one.id for one in Keyring.of(CREDENTIALS, key).ring("apollo")] for key in (KEY, KEY, "22" * 32)]
    assert ids[0] == ids[1]
    assert not set(ids[0]) & set(ids[2])


def test_one_secret_has_another_id_at_each_api() -> None:
    keyring = Keyring.of(CREDENTIALS, KEY)
    assert keyring.ring("apollo")[0].id[-8:] != keyring.ring("hubspot")[0].id[-8:]


def test_a_credential_is_found_by_its_id() -> None:
    keyring = Keyring.of(CREDENTIALS, KEY)
    one = keyring.ring("apollo")[1]
    assert one.id.startswith("apollo-")
    assert keyring.by_id(one.id) is one
    assert keyring.by_id("apollo-00000000") is None


def test_without_the_installations_key_the_ids_agree_within_the_process() -> None:
    assert Keyring.of(CREDENTIALS).ring("apollo")[0].id == Keyring.of(CREDENTIALS).ring("apollo")[0].id


@pytest.mark.parametrize("show", [repr, str])
def test_nothing_that_is_printed_holds_a_secret(show) -> None:
    keyring = Keyring.of({"apollo": ["the-secret"]}, KEY)
    assert "the-secret" not in show(keyring) + show(keyring.ring("apollo"))


def test_settings_of_a_crawl_are_enough() -> None:
    settings = {"LEADS_CREDENTIALS": {"apollo": ["k"]}, "LEADS_HASH_KEY": KEY, "LEADS_TEAMS": {"apollo": ["t"]}}
    assert Keyring.of_settings(settings).ring("apollo") == Keyring.of({"apollo": ["k"]}, KEY, {"apollo": ["t"]}).ring(
        "apollo"
    )
    assert Keyring.of_settings(settings).secrets() == ["k"]
