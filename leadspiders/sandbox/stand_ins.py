"""The stand-ins, in the order they are listed; the names are those of `addresses.py`."""

from leadspiders.sandbox.apis import (
    apollo,
    bls,
    bls_api,
    clearbit,
    dropcontact,
    hubspot,
    hunter,
    neverbounce,
    people,
    proxycurl,
    sam_gov,
)
from leadspiders.sandbox.state import StandIn

STAND_INS: dict[str, StandIn] = {
    "BLS": bls.STAND_IN,
    "BLS_API": bls_api.STAND_IN,
    "SAM_GOV": sam_gov.STAND_IN,
    "APOLLO": apollo.STAND_IN,
    "HUNTER": hunter.STAND_IN,
    "NEVERBOUNCE": neverbounce.STAND_IN,
    "DROPCONTACT": dropcontact.STAND_IN,
    "CLEARBIT": clearbit.STAND_IN,
    "PROXYCURL": proxycurl.STAND_IN,
    "HTTP": people.STAND_IN,
    "HUBSPOT": hubspot.STAND_IN,
}
