"""The stand-ins, in the order they are listed; the names are those of `addresses.py`."""

from leadspiders.sandbox.apis import apollo, bls, bls_api, hubspot, sam_gov
from leadspiders.sandbox.state import StandIn

STAND_INS: dict[str, StandIn] = {
    "BLS": bls.STAND_IN,
    "BLS_API": bls_api.STAND_IN,
    "SAM_GOV": sam_gov.STAND_IN,
    "APOLLO": apollo.STAND_IN,
    "HUBSPOT": hubspot.STAND_IN,
}
