"""`scrapy services start|stop|status|env`: the PostgreSQL and Valkey (and sandbox) that leadspiders runs by itself."""

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from scrapy.settings import BaseSettings

from leadspiders.cli.plain_command import PlainCommand
from leadspiders.commands.connect import ASKED_WRONGLY
from leadspiders.errors import ArgumentError, LeadspidersError
from leadspiders.stores.embedded.services import ServiceState, Urls, ensure, state, stop

NOT_RUNNING = 1


class Command(PlainCommand):
    """Start, stop and show the services of LEADS_HOME; DATABASE_URL and REDIS_URL take their place where given."""

    usage = "start|stop|status|env [--json]"
    summary = "Start, stop and show the embedded PostgreSQL and Valkey"
    json_option = "status as one JSON object"

    def long_desc(self) -> str:
        return (
            "start: start what does not run. stop: stop everything, nothing is lost. status: what runs, where, since "
            'when; exit code 1 when a store does not run. env: the URLs, for eval "$(scrapy services env)".'
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        actions = {"start": _start, "stop": _stop, "env": _env}
        try:
            action = _one_of(("start", "stop", "status", "env"), args)
            if action == "status":
                self.exitcode = _status(self.settings, as_json=opts.json)
            else:
                actions[action](self.settings)
        except LeadspidersError as error:
            print(error, file=sys.stderr)
            self.exitcode = ASKED_WRONGLY


def _one_of(actions: Sequence[str], args: Sequence[str]) -> str:
    if len(args) != 1 or args[0] not in actions:
        raise ArgumentError(f"say one of {', '.join(actions)}: scrapy services {actions[0]}")
    return args[0]


def _urls(settings: BaseSettings) -> Urls:
    return ensure(_home(settings), database_url=settings["DATABASE_URL"], redis_url=settings["REDIS_URL"])


def _home(settings: BaseSettings) -> Path:
    return Path(settings["LEADS_HOME"])


def _start(settings: BaseSettings) -> None:
    if settings["DATABASE_URL"] and settings["REDIS_URL"]:
        print("DATABASE_URL and REDIS_URL are set: nothing of ours has to run")
        return
    _urls(settings)
    for service in state(_home(settings)):
        if service.running:
            print(_line(service))


def _stop(settings: BaseSettings) -> None:
    stopped = stop(_home(settings))
    print(f"stopped {', '.join(stopped)}" if stopped else "nothing was running")


def _env(settings: BaseSettings) -> None:
    urls = _urls(settings)
    print(f"DATABASE_URL={shlex.quote(urls.database_url)}")
    print(f"REDIS_URL={shlex.quote(urls.redis_url)}")


def _status(settings: BaseSettings, *, as_json: bool) -> int:
    """Print how things stand; 1 when a store is neither given nor running. The sandbox is nobody's need."""
    given = {"postgres": bool(settings["DATABASE_URL"]), "valkey": bool(settings["REDIS_URL"])}
    services = state(_home(settings))
    if as_json:
        shown = [asdict(service) | {"given": given.get(service.name, False)} for service in services]
        print(json.dumps({"home": settings["LEADS_HOME"], "services": shown}, default=str))
    else:
        for service in services:
            print(f"{service.name:9} the one of your own, by its URL" if given.get(service.name) else _line(service))
    missing = [service for service in services if not given.get(service.name, True) and not service.running]
    return NOT_RUNNING if missing else 0


def _line(service: ServiceState) -> str:
    if not service.running:
        return f"{service.name:9} not running"
    since = f"{service.since:%Y-%m-%d %H:%M:%S} UTC" if service.since else "?"
    return f"{service.name:9} {service.version}, port {service.port}, pid {service.pid}, since {since}, {service.data}"
