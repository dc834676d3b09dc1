"""The wiring diagram, in the order in which a record flows; and the only place that reads the environment."""

import os
import sys
from pathlib import Path

from dotenv import dotenv_values
from scrapy.settings import default_settings
from scrapy.utils.conf import closest_scrapy_cfg

from leadspiders import __version__
from leadspiders.apis.described.known import DESCRIBED, learn
from leadspiders.apis.registry import APIS
from leadspiders.guard.encryption_keys import FILE, all_keys
from leadspiders.guard.keys_file import rings
from leadspiders.guard.secret import Secret
from leadspiders.rules.base_url import base_urls
from leadspiders.rules.typed_command import commands_module

BOT_NAME = "leadspiders"
USER_AGENT = f"leadspiders/{__version__} (lead research; contact the operator of this crawler)"
SPIDER_CONTRACTS = {"leadspiders.contracts.Example": 100, "leadspiders.contracts.Yields": 200}
SPIDER_MODULES = ["leadspiders.spiders"]
NEWSPIDER_MODULE = "leadspiders.spiders"
COMMANDS_MODULE = commands_module(sys.argv)

# --- the environment: what is set there wins over .env beside scrapy.cfg

_folder = Path(closest_scrapy_cfg() or "scrapy.cfg").absolute().parent
_environment = {name: value for name, value in dotenv_values(_folder / ".env").items() if value} | dict(os.environ)


def _keys(name: str) -> list[str]:
    return [key.strip() for key in _environment.get(name, "").split(",") if key.strip()]


DATABASE_URL = _environment.get("DATABASE_URL") or None
REDIS_URL = _environment.get("REDIS_URL") or None
LEADS_HOME = str(Path(_environment.get("LEADS_HOME") or _folder / ".leadspiders").expanduser().absolute())
LEADS_CAMPAIGNS_DIR = _environment.get("LEADS_CAMPAIGNS_DIR") or None
LEADS_PRICES = _environment.get("LEADS_PRICES") or None
LEADS_ENCRYPTION_KEYS = [Secret(key) for key in _keys("LEADS_ENCRYPTION_KEYS")]
LEADS_ENCRYPTION_KEYS_FILE = f"{LEADS_HOME}/{FILE}"  # made where the environment gives no key
LEADS_LIMITS = _environment.get("LEADS_LIMITS") or None
LEADS_HTTP_PROVIDERS = [str(_folder / Path(file).expanduser()) for file in _keys("LEADS_HTTP_PROVIDERS")]
learn(map(Path, LEADS_HTTP_PROVIDERS))  # the APIs that these files describe join all others
_urls = {name: (f"LEADS_{name.upper()}_URL", api.base_url) for name, api in APIS.items()}
_urls = {name: (variable, _environment.get(variable) or real) for name, (variable, real) in _urls.items()}
if _environment.get("LEADS_HTTP_URL"):
    _urls |= dict.fromkeys(DESCRIBED, ("LEADS_HTTP_URL", _environment["LEADS_HTTP_URL"]))
LEADS_URLS, LEADS_URLS_PROBLEM = base_urls(_urls)
LEADS_KEYS_FILE = str(Path(_environment.get("LEADS_KEYS_FILE") or f"{LEADS_HOME}/keys.enc").expanduser().absolute())
LEADS_CREDENTIALS, LEADS_TEAMS, LEADS_KEYS_PROBLEM = rings(
    {name: _keys(api.key_name) for name, api in APIS.items() if api.key_name},
    Path(LEADS_KEYS_FILE),
    all_keys(LEADS_ENCRYPTION_KEYS, Path(LEADS_ENCRYPTION_KEYS_FILE)),
)

# --- who fills gaps, and who receives: a name in a campaign file is a name here

LEADS_PROVIDERS = {
    "apollo": "leadspiders.providers.apollo.Apollo",
    "hunter": "leadspiders.providers.hunter.Hunter",
    "dropcontact": "leadspiders.providers.dropcontact.Dropcontact",
    "neverbounce": "leadspiders.providers.neverbounce.NeverBounce",
    "clearbit": "leadspiders.providers.clearbit.Clearbit",
    "proxycurl": "leadspiders.providers.proxycurl.Proxycurl",
    "http": "leadspiders.providers.http.Http",
}
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
LEADS_PURCHASE_PATIENCE_SECONDS = 30  # so old another worker's purchase may be for its answer to be waited for
LEADS_USAGE_LAG_SECONDS = 900  # so late a provider may charge, or count, a call whose answer was lost
LEADS_CLAIM_SECONDS = 120  # longer than a person takes through the paid stages; those of a dead worker are free then

# --- the door to the network

DOWNLOAD_HANDLERS = {
    "http": "leadspiders.middlewares.last_hop.LastHop",
    "https": "leadspiders.middlewares.last_hop.LastHop",
    "file": "leadspiders.middlewares.local_file.LocalFile",  # only what files= named; Scrapy's own serves any file
    "data": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER_MIDDLEWARES = {
    "leadspiders.middlewares.frontier_failures.FrontierFailures": 50,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "leadspiders.middlewares.delayed.Delayed": 540,
    "leadspiders.middlewares.patience.Patience": 550,
    "leadspiders.middlewares.pace.Pace": 555,
    "leadspiders.middlewares.breaker.Breaker": 560,
    "leadspiders.middlewares.purchases.Purchases": 570,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "leadspiders.middlewares.redirects.Redirects": 600,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # it would sign earlier than the last hop
}
BREAKER_SHARE = 0.5  # of the calls of a window failed, of at least so many: the API is left alone
BREAKER_CALLS = 10
BREAKER_SECONDS = 60
BREAKER_IN_A_ROW = 5  # or so many one after the other
BREAKER_REST_SECONDS = 30  # until one call tries it again; doubled each time that fails
BREAKER_LONGEST_REST_SECONDS = 600
BREAKER_TRIAL_SECONDS = 120  # longer than a call takes; that of a dead worker is given to another then
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 8
RETRY_TIMES = 2  # three attempts in all
RETRY_HTTP_CODES = [408, 423, 429, 500, 502, 503, 504]
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024  # unpacked; the largest CSV slice is some 10 MB. Less where an API says so
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy takes any certificate unless told
DOWNLOAD_TLS_MIN_VERSION = "TLSv1.2"  # all services have it; what is older can be broken on the way
COOKIES_ENABLED = False  # no API wants one, and they would be carried from page to page
REFERER_ENABLED = False  # it would tell a host what was asked of another
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False  # an error page in HTML must not lead anywhere
HTTPCACHE_ENABLED = False  # it would keep personal data on disk, out of reach of an erasure; keyless sources may use it
HTTPCACHE_POLICY = "leadspiders.middlewares.cache_policy.AnswersOnly"
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
ITEM_PROCESSOR = "leadspiders.pipelines.chain.Chain"  # tells a stage that a record has left
CONCURRENT_ITEMS = 100  # of one response: a page
LEADS_GATHER_SECONDS = 2  # so long a lead waits at most for others to share a bulk call of hundreds with
FEED_EXPORTERS = {"csv": "leadspiders.feeds.FlatCsv", "json": "leadspiders.feeds.Json"} | dict.fromkeys(
    ("jsonlines", "jsonl", "jl"), "leadspiders.feeds.JsonLines"
)
FEED_EXPORT_ENCODING = "utf-8"

# --- what runs beside

# Both let a local user run code in the crawl. Scrapy imports even what is set to None, and with it a whole web server.
_doors = {"scrapy.extensions.telnet.TelnetConsole", "scrapy.extensions.remote_control.RemoteControl"}
EXTENSIONS_BASE = {name: place for name, place in default_settings.EXTENSIONS_BASE.items() if name not in _doors}
EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": None,
    "leadspiders.extensions.core_stats.CoreStats": 0,
    "leadspiders.extensions.redacted_log.RedactedLog": 0,
    "leadspiders.extensions.run_log.RunLog": 100,
    "leadspiders.extensions.collector.Collector": 150,
    "leadspiders.extensions.drift_report.DriftReport": 50,
    "leadspiders.extensions.refusals.Refusals": 200,
    "leadspiders.extensions.store_guard.StoreGuard": 210,
}
STATS_CLASS = "leadspiders.extensions.stats.Stats"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "INFO"
LOG_FORMATTER = "leadspiders.extensions.log_formatter.QuietItems"
LOG_SHORT_NAMES = False
