"""Every stand-in has an address, and its name is the address's in small letters."""

from leadspiders.sandbox.addresses import ADDRESSES, environment
from leadspiders.sandbox.stand_ins import STAND_INS


def test_names_and_addresses_belong_together() -> None:
    assert list(STAND_INS) == list(ADDRESSES)
    assert all(stand_in.name == name.lower() for name, stand_in in STAND_INS.items())


def test_every_api_can_say_that_it_is_asked_too_fast() -> None:
    odd = {name: status for name, one in STAND_INS.items() if (status := one.throttled().status) != 429}
    assert odd == {"HUNTER": 403, "NEVERBOUNCE": 200}


def test_the_environment_names_every_address() -> None:
    told = environment("http://127.0.0.1:1/")
    assert told["LEADS_APOLLO_URL"] == "http://127.0.0.1:1/apollo"
    assert {f"LEADS_{name}_URL" for name in ADDRESSES} < set(told)
