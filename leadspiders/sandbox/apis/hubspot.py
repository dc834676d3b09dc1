"""HubSpot: contacts, companies, their properties and associations, under the numbered and the dated paths."""

from aiohttp import web

from leadspiders.sandbox.apis import (
    hubspot_links as links,
)
from leadspiders.sandbox.apis import (
    hubspot_objects as objects,
)
from leadspiders.sandbox.apis import (
    hubspot_properties as properties,
)
from leadspiders.sandbox.apis import (
    hubspot_search as search,
)
from leadspiders.sandbox.apis.hubspot_access import limited, throttled
from leadspiders.sandbox.state import StandIn

# Numbered versions and the dated ones that replace them: the same answers.
_OBJECTS = ("/crm/v3/objects/{kind}", r"/crm/objects/{version:\d{4}-\d{2}}/{kind}")
_PROPERTIES = ("/crm/v3/properties/{kind}", r"/crm/properties/{version:\d{4}-\d{2}}/{kind}")
_LINKS = ("/crm/v4/associations/{from}/{to}", r"/crm/associations/{version:\d{4}-\d{2}}/{from}/{to}")
_ONE_LINK = (
    "/crm/v4/objects/{from}/{from_id}/associations/default/{to}/{to_id}",
    r"/crm/objects/{version:\d{4}-\d{2}}/{from}/{from_id}/associations/default/{to}/{to_id}",
)


def _routes() -> list[web.RouteDef]:
    found = []
    for root in _OBJECTS:
        found += [
            web.post(f"{root}/batch/upsert", limited(objects.upsert_batch)),
            web.post(f"{root}/batch/create", limited(objects.create_batch)),
            web.post(f"{root}/batch/update", limited(objects.update_batch)),
            web.post(f"{root}/batch/read", limited(objects.read_batch)),
            web.post(f"{root}/batch/archive", limited(objects.archive_batch)),
            web.post(f"{root}/search", limited(search.search, search=True)),
            web.post(root, limited(objects.create)),
            web.get(f"{root}/{{id}}", limited(objects.get_one)),
            web.patch(f"{root}/{{id}}", limited(objects.update)),
        ]
    for root in _PROPERTIES:
        found += [
            web.get(root, limited(properties.list_all)),
            web.post(root, limited(properties.create)),
            web.post(f"{root}/batch/create", limited(properties.create_batch)),
            web.get(f"{root}/{{name}}", limited(properties.get_one)),
        ]
    for root in _LINKS:
        found += [
            web.post(f"{root}/batch/associate/default", limited(links.associate_default)),
            web.post(f"{root}/batch/create", limited(links.associate_labelled)),
            web.post(f"{root}/batch/read", limited(links.read_batch)),
        ]
    return found + [web.put(path, limited(links.associate_one)) for path in _ONE_LINK]


STAND_IN = StandIn("hubspot", _routes, throttled)
