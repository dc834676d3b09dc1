"""The door of a plan: its few calls keep the pace that all crawls share, and stand in the audit trail as theirs do.

There is no crawl yet, so that there is no downloader to go through; promises, news of limits and notes are the same.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import ClientSession
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings

from leadspiders.apis.http import Call, Reply
from leadspiders.apis.registry import APIS
from leadspiders.campaigns.model import Campaign
from leadspiders.guard.hash_key import hash_key_at
from leadspiders.guard.keyed_hash import KeyedHash, keyed_hash
from leadspiders.guard.keyring import Keyring
from leadspiders.guard.pacing import Pacer
from leadspiders.guard.redact import Redactor
from leadspiders.guard.vault import Vault
from leadspiders.middlewares.audit import Audit
from leadspiders.middlewares.door import reply, request
from leadspiders.middlewares.last_hop import cleaned, signed
from leadspiders.middlewares.pace import Pace
from leadspiders.middlewares.pacer import make_pacer
from leadspiders.middlewares.promise import begin
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.embedded.services import ensure
from leadspiders.stores.postgres.pool import Database

SPIDER = "plan"
"""What stands in the trail in the place of a spider's name."""


class PlanDoor:
    """What the parts at a crawl's door ask of their crawl, and the way through them. `settings` name the services and
    credentials of the run that is planned."""

    def __init__(
        self, campaign: Campaign, settings: BaseSettings, spiders: Sequence[CampaignSpider], database: Database
    ) -> None:
        self.campaign = campaign
        self.settings = settings
        self.database = database
        self.run_id = f"plan-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        self.keyed_hash: KeyedHash = keyed_hash(bytes.fromhex(settings["LEADS_HASH_KEY"]))
        self.pacer: Pacer = make_pacer(spiders, settings, self.count)
        self._keyring = Keyring.of_settings(settings)
        self._pace = Pace(self)
        self._audit = Audit(self, SPIDER)

    def count(self, name: str, by: int = 1) -> None:
        """Nobody reads the stats of a plan."""

    async def send(self, session: ClientSession, call: Call) -> Reply:
        """The reply, once the pace allows the call. Raises what the pacer raises when that takes too long."""
        asked = request(call, self.settings.getdict("LEADS_URLS")[call.api])
        async with self.pacer.turn(call.api, call.group, paid=False) as start:
            begin(asked, start)
            download = self._download(session, asked, start.credential)
            response = await self._audit.watch(asked, download, start.credential)
        await self._pace.process_response(asked, response)
        return reply(response)

    async def close(self) -> None:
        """Write what was noted, and close the line to Redis."""
        await self._audit.finish()
        await self.pacer.aclose()

    async def _download(self, session: ClientSession, asked: Request, credential: str | None) -> Response:
        ring = self._keyring.ring(asked.meta["api"])
        key = next((one for one in ring if one.id == credential), None)
        copy = signed(asked, APIS[key.api], key.secret) if key else asked
        headers = {str(name): str(value) for name, value in copy.headers.to_unicode_dict().items()}
        headers["User-Agent"] = self.settings["USER_AGENT"]
        async with session.request(
            copy.method, copy.url, data=copy.body or None, headers=headers, allow_redirects=False
        ) as answer:
            body = await answer.read()
            response = Response(asked.url, status=answer.status, headers=dict(answer.headers), body=body, request=asked)
        return cleaned(response, asked, Redactor([key.secret])) if key else response


@asynccontextmanager
async def plan_door(
    campaign: Campaign,
    settings: BaseSettings,
    spiders: Sequence[CampaignSpider],
    database: Database,
    *,
    urls: Mapping[str, str],
    keys: Mapping[str, str] | None,
) -> AsyncIterator[PlanDoor]:
    """A door to these base URLs, closed at the end; `keys` by API in the place of the installation's own."""
    own = settings.copy()
    given = settings["DATABASE_URL"], settings["REDIS_URL"]
    embedded = None if all(given) else ensure(Path(settings["LEADS_HOME"]))
    database_url, redis_url = (given[0] or embedded.database_url, given[1] or embedded.redis_url) if embedded else given
    key = hash_key_at(database_url, Vault.of_settings(settings))
    changed = {
        "LEADS_URLS": dict(urls),
        "LEADS_HASH_KEY": key.hex(),
        "REDIS_URL": redis_url,
        "RETRY_TIMES": 0,
    }
    if keys is not None:
        changed |= {"LEADS_CREDENTIALS": {name: [secret] for name, secret in keys.items()}, "LEADS_TEAMS": {}}
    own.setdict(changed, priority="cmdline")
    door = PlanDoor(campaign, own, spiders, database)
    try:
        yield door
    finally:
        await door.close()
