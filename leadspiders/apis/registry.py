"""Every outside API by name, in the order a lead meets them: where drivers look up credentials, limits and checks."""

from leadspiders.apis import bls_api
from leadspiders.apis.apollo.contract import API as APOLLO
from leadspiders.apis.bls.contract import API as BLS
from leadspiders.apis.http import Api
from leadspiders.apis.hubspot.contract import API as HUBSPOT
from leadspiders.apis.sam_gov.contract import API as SAM_GOV

APIS: dict[str, Api] = {api.name: api for api in (BLS, bls_api.API, SAM_GOV, APOLLO, HUBSPOT)}
