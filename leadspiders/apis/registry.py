"""Every outside API by name, in the order a lead meets them: where drivers look up credentials, limits and checks."""

from leadspiders.apis import bls_api
from leadspiders.apis.apollo.contract import API as APOLLO
from leadspiders.apis.bls.contract import API as BLS
from leadspiders.apis.clearbit.contract import API as CLEARBIT
from leadspiders.apis.dropcontact.contract import API as DROPCONTACT
from leadspiders.apis.http import Api
from leadspiders.apis.hubspot.contract import API as HUBSPOT
from leadspiders.apis.hunter.contract import API as HUNTER
from leadspiders.apis.neverbounce.contract import API as NEVERBOUNCE
from leadspiders.apis.proxycurl.contract import API as PROXYCURL
from leadspiders.apis.sam_gov.contract import API as SAM_GOV

APIS: dict[str, Api] = {
    api.name: api
    for api in (
        *(BLS, bls_api.API, SAM_GOV, APOLLO),
        *(HUNTER, DROPCONTACT, NEVERBOUNCE, CLEARBIT, PROXYCURL),
        HUBSPOT,
    )
}
"""Those that files describe are added when the settings are loaded, by `described.known`."""
