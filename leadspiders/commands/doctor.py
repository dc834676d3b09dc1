"""`scrapy doctor [C]`: may it start? One line a check, each with what to do."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from rich.console import Console

from leadspiders.apis.registry import APIS
from leadspiders.campaigns.loader import load
from leadspiders.campaigns.model import Campaign
from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.keys_check import NOT_ASKED, WORKS, check
from leadspiders.commands.policies import policies
from leadspiders.commands.preflight import providers
from leadspiders.errors import ArgumentError, LeadspidersError, SetupError, UsageError
from leadspiders.guard.hash_key import hash_key
from leadspiders.guard.keyed_hash import keyed_hash
from leadspiders.guard.vault import Vault
from leadspiders.ops import doctor_campaign, doctor_database, doctor_machine, doctor_redis
from leadspiders.ops.doctor import Check, doubt, failure, from_error, go, show, well
from leadspiders.ops.spending import caps
from leadspiders.pipelines.desks import named_providers
from leadspiders.rules.audit_chain import Chain
from leadspiders.stores.embedded.binaries import POSTGRES, VALKEY, find
from leadspiders.stores.embedded.services import ensure, state
from leadspiders.stores.postgres.backup import FOLDER, backups
from leadspiders.stores.postgres.closed_sources import closed_sources
from leadspiders.stores.postgres.connected import connected
from leadspiders.stores.postgres.failures import store_error
from leadspiders.stores.postgres.migrate import missing
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.retention import Retainer
from leadspiders.stores.postgres.spend_totals import totals

OVERDUE_DAYS = 2  # what a daily run should have taken


class Command(DatabaseCommand):
    """The go/no-go list: exits 1 when a line says FAIL."""

    usage = "[options] [CAMPAIGN]"
    summary = "May it start? Stores, migrations, keys, credentials, caps, clocks, disk, retention, backup"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--online", action="store_true", help="ask each API whether it takes our key, free of charge"
        )

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        if len(args) > 1 or any(arg.startswith("-") for arg in args):
            raise ArgumentError("name one campaign or none: scrapy doctor [CAMPAIGN]")
        checks: list[Check] = []
        campaign = self._campaign(args[0], checks) if args else None
        vault = self._vault(checks)
        url, key = self._stores(vault, checks)
        if url:
            opened = Database(url, vault=vault or Vault([]))
            try:
                if key:
                    checks.append(await self._upkeep(opened, key))
                if campaign:
                    await self._spending(opened, campaign, checks)
            except (LeadspidersError, psycopg.Error) as error:
                checks.append(_of_database(error, url))
            finally:
                await opened.close()
        if campaign:
            checks += self._credentials(campaign, online=opts.online)
        checks += self._machine()
        if opts.json:
            print(json.dumps({"go": go(checks), "checks": [asdict(one) for one in checks]}))
        else:
            console = Console()
            console.print(show(checks))
            console.print("go" if go(checks) else "no go: see to what FAILs", style="bold")
        return 0 if go(checks) else 1

    def _campaign(self, name: str, checks: list[Check]) -> Campaign | None:
        assert self.settings is not None
        directory = self.settings["LEADS_CAMPAIGNS_DIR"]
        try:
            found = load(name, [Path(directory)] if directory else [])
        except UsageError as error:
            checks.append(failure("campaign", str(error).partition("\n")[0], f"see scrapy campaigns check {name}"))
            return None
        checks.append(well("campaign", f"{found.name} is valid"))
        try:
            providers(found, self.settings)
            checks.append(well("prices", "every provider that is named has one"))
        except LeadspidersError as error:
            checks.append(from_error("prices", error))
        return found

    def _vault(self, checks: list[Check]) -> Vault | None:
        assert self.settings is not None
        try:
            return Vault.of_settings(self.settings)
        except LeadspidersError as error:
            checks.append(from_error("encryption", error))
            return None

    def _stores(self, vault: Vault | None, checks: list[Check]) -> tuple[str | None, bytes | None]:
        """Both stores; returns the database's URL when its tables can be used, and its hash key when that opens."""
        assert self.settings is not None
        given = self.settings["DATABASE_URL"], self.settings["REDIS_URL"]
        try:
            urls = ensure(Path(self.settings["LEADS_HOME"]), database_url=given[0], redis_url=given[1])
        except LeadspidersError as error:
            checks.append(from_error("embedded services", error))
            return None, None
        redis, redis_skew = doctor_redis.check(urls.redis_url)
        checks.append(redis)
        postgres_skew, usable, key = None, False, None
        try:
            behind = missing(urls.database_url)
            with connected(urls.database_url) as connection:
                postgres_skew = doctor_database.postgres_skew(connection)
                checks += [doctor_database.version(connection), doctor_database.connections(connection)]
                checks.append(_migrations(behind, own=bool(given[0])))
                usable = not behind
                if usable:
                    checks += [doctor_database.indexes(connection), doctor_database.counts(connection)]
                    key = _key(connection, vault, checks)
        except LeadspidersError as error:
            checks.append(from_error("database", error))
        checks.append(doctor_database.clocks(postgres_skew, redis_skew))
        return urls.database_url if usable else None, key

    async def _upkeep(self, opened: Database, key: bytes) -> Check:
        """Whether retention is overdue."""
        assert self.settings is not None
        then = datetime.now(UTC) - timedelta(days=OVERDUE_DAYS)
        rules = policies(self.settings)
        retainer = Retainer(opened, rules=rules, chain=Chain(key), keyed_hash=keyed_hash(key), now=then, dry=True)
        overdue = sum(step.gone for step in await retainer.run())
        if overdue:
            advice = "run scrapy retention run, once a day by a timer"
            return doubt("retention", f"{overdue:,} rows should be gone", advice)
        return well("retention", "nothing is overdue")

    async def _spending(self, opened: Database, campaign: Campaign, checks: list[Check]) -> None:
        assert self.settings is not None
        counted = await totals(opened, campaign.name)
        checks += doctor_campaign.caps(caps(campaign, counted, datetime.now(UTC)))
        checks += doctor_campaign.resting(await closed_sources(opened), self._apis(campaign))

    def _apis(self, campaign: Campaign) -> dict[str, str]:
        assert self.settings is not None
        try:
            named = [provider.name for provider in named_providers(campaign, self.settings)]
        except LeadspidersError:
            named = []
        return doctor_campaign.apis_of(campaign, named, APIS)

    def _credentials(self, campaign: Campaign, *, online: bool) -> Iterator[Check]:
        assert self.settings is not None
        if problem := self.settings["LEADS_URLS_PROBLEM"]:
            yield failure("addresses", problem, "see docs/reference/environment.md")
        if problem := self.settings["LEADS_KEYS_PROBLEM"]:
            yield failure("keys", problem, "see scrapy keys")
        rings = self.settings.getdict("LEADS_CREDENTIALS")
        for name, use in self._apis(campaign).items():
            api, keys = APIS[name], rings.get(name, [])
            yield doctor_campaign.credential(api, use, keys)
            for key in keys if online else ():
                said = check(api, key, self.settings["LEADS_URLS"][name], user_agent=self.settings["USER_AGENT"])
                yield doctor_campaign.answered(api, said, works=WORKS, not_asked=NOT_ASKED)

    def _machine(self) -> Iterator[Check]:
        assert self.settings is not None
        home = Path(self.settings["LEADS_HOME"])
        yield doctor_machine.room(home)
        running = [service for service in state(home) if service.running]
        installed = {}
        for service, wheel in (("postgres", POSTGRES), ("valkey", VALKEY)):
            if any(one.name == service for one in running):
                installed[service] = find(wheel, None, instead="the URLs").version
        yield from doctor_machine.embedded(running, installed)
        yield doctor_machine.backup(backups(home / FOLDER), now=datetime.now(UTC))


def _of_database(error: Exception, url: str) -> Check:
    return from_error("database", store_error(error, url) if isinstance(error, psycopg.Error) else error)


def _key(connection: psycopg.Connection, vault: Vault | None, checks: list[Check]) -> bytes | None:
    """The installation's key, where the vault opens it."""
    if vault is None:
        return None
    try:
        key = hash_key(connection, vault)
    except SetupError as error:
        checks.append(from_error("encryption", error))
        return None
    where = f"from {vault.from_file}: copy that file to a safe place" if vault.from_file else "from the environment"
    checks.append(well("encryption", f"{len(vault.ids)} keys, the newest {vault.ids[0].hex()}, {where}"))
    return key


def _migrations(behind: list[str], *, own: bool) -> Check:
    if not behind:
        return well("migrations", "all run")
    said = f"{len(behind)} are missing"
    if own:
        return failure("migrations", said, "run scrapy migrate")
    return doubt("migrations", said, "the next crawl runs them; or scrapy migrate")
