"""The wiring diagram, in the order in which a record flows; and the only place that reads the environment."""

import os
from pathlib import Path

from dotenv import dotenv_values
from scrapy.utils.conf import closest_scrapy_cfg

from leadspiders import __version__
from leadspiders.apis.registry import APIS

BOT_NAME = "leadspiders"
USER_AGENT = f"leadspiders/{__version__} (lead research; contact the operator of this crawler)"
SPIDER_CONTRACTS = {"leadspiders.contracts.Example": 100, "leadspiders.contracts.Yields": 200}
SPIDER_MODULES = ["leadspiders.spiders"]
NEWSPIDER_MODULE = "leadspiders.spiders"
COMMANDS_MODULE = "leadspiders.commands"

# --- the environment: what is set there wins over .env beside scrapy.cfg

_folder = Path(closest_scrapy_cfg() or "scrapy.cfg").absolute().parent
_environment = {name: value for name, value in dotenv_values(_folder / ".env").items() if value} | dict(os.environ)


def _keys(name: str) -> list[str]:
    return [key.strip() for key in _environment.get(name, "").split(",") if key.strip()]


DATABASE_URL = _environment.get("DATABASE_URL") or None
REDIS_URL = _environment.get("REDIS_URL") or None
LEADS_HOME = str(Path(_environment.get("LEADS_HOME") or _folder / ".leadspiders").expanduser().absolute())
LEADS_CAMPAIGNS_DIR = _environment.get("LEADS_CAMPAIGNS_DIR") or None
LEADS_ENCRYPTION_KEYS = _keys("LEADS_ENCRYPTION_KEYS")
LEADS_URLS = {name: _environment.get(f"LEADS_{name.upper()}_URL") or api.base_url for name, api in APIS.items()}
LEADS_CREDENTIALS = {name: _keys(api.key_name) for name, api in APIS.items() if api.key_name}

# --- who fills gaps, and who receives: a name in a campaign file is a name here

LEADS_PROVIDERS = {"apollo": "leadspiders.providers.apollo.Apollo"}
LEADS_DESTINATIONS = {"hubspot": "leadspiders.destinations.hubspot.HubSpot"}

# --- the frontier: one queue for all workers of a run, kept when a worker closes

SCHEDULER = "leadspiders.middlewares.scheduler.Scheduler"
DUPEFILTER_CLASS = "leadspiders.middlewares.scheduler.SeenRequests"
SCHEDULER_QUEUE_CLASS = "leadspiders.middlewares.scheduler.Queue"
FRONTIER_LEASE_SECONDS = 30  # so long after a worker was killed its requests go to the others
FRONTIER_BEAT_SECONDS = 10  # so often a living worker says that it still has them
FRONTIER_TRIES = 3
FRONTIER_PAUSE_SECONDS = 5  # before a failed request is tried again; doubled each time
LEADS_DATABASE_PATIENCE_SECONDS = 30  # so long a Postgres that restarts is waited for; then the worker stops
LEADS_CLAIM_SECONDS = 120  # longer than a person takes through the paid stages; those of a dead worker are free then

# --- the door to the network

DOWNLOAD_HANDLERS = {
    "http": "leadspiders.middlewares.last_hop.LastHop",
    "https": "leadspiders.middlewares.last_hop.LastHop",
    "file": "leadspiders.middlewares.local_file.LocalFile",
    "data": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER_MIDDLEWARES = {
    "leadspiders.middlewares.frontier_failures.FrontierFailures": 50,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "leadspiders.middlewares.delayed.Delayed": 540,
    "leadspiders.middlewares.patience.Patience": 550,
    "leadspiders.middlewares.purchases.Purchases": 570,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 8
RETRY_TIMES = 2  # three attempts in all
RETRY_HTTP_CODES = [408, 423, 429, 500, 502, 503, 504]
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024  # the largest CSV slice is some 10 MB
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
ROBOTSTXT_OBEY = False  # documented APIs with their own terms, not pages

# --- from response to records

SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # the readers in `apis` judge every status
    "leadspiders.middlewares.frontier_output.FrontierOutput": 40,
    "leadspiders.middlewares.receipts.Receipts": 50,
}

# --- the stages, in their order

ITEM_PIPELINES = {
    "leadspiders.pipelines.normalize.Normalize": 100,
    "leadspiders.pipelines.suppress.Suppress": 200,
    "leadspiders.pipelines.dedup.Dedup": 300,
    "leadspiders.pipelines.enrich.Enrich": 400,
    "leadspiders.pipelines.score.Score": 500,
    "leadspiders.pipelines.store.Store": 600,
    "leadspiders.pipelines.export.Export": 700,
}
CONCURRENT_ITEMS = 100  # of one response: a page
FEED_EXPORTERS = {"csv": "leadspiders.feeds.FlatCsv", "json": "leadspiders.feeds.Json"} | dict.fromkeys(
    ("jsonlines", "jsonl", "jl"), "leadspiders.feeds.JsonLines"
)
FEED_EXPORT_ENCODING = "utf-8"

# --- what runs beside

EXTENSIONS = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "leadspiders.extensions.run_log.RunLog": 100,
    "leadspiders.extensions.drift_report.DriftReport": 50,
    "leadspiders.extensions.refusals.Refusals": 200,
    "leadspiders.extensions.store_guard.StoreGuard": 210,
}
TELNETCONSOLE_ENABLED = False
LOG_LEVEL = "INFO"
LOG_FORMATTER = "leadspiders.extensions.log_formatter.QuietItems"
LOG_SHORT_NAMES = False
