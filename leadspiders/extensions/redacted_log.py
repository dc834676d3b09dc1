"""Lets no line into the log before its secrets are blotted out: those of the installation, and what looks like one.

Scrapy, its middlewares and libraries log URLs and messages of services at DEBUG; none of them knows what is a secret.
"""

import logging
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from leadspiders.guard.encryption_keys import all_keys
from leadspiders.guard.keyring import Keyring
from leadspiders.guard.redact import Redactor, shortened


class RedactedLog:
    """Wraps the formatters of all log handlers, for as long as the process lives."""

    def __init__(self, secrets: list[str]) -> None:
        redactor = Redactor(secrets)
        for handler in logging.root.handlers:
            handler.setFormatter(Redacting(handler.formatter or logging.Formatter(), redactor))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built when the handlers stand, before the first request."""
        settings = crawler.settings
        keys = Keyring.of_settings(settings).secrets()
        file = settings.get("LEADS_ENCRYPTION_KEYS_FILE")
        given = settings.getlist("LEADS_ENCRYPTION_KEYS")
        own = [*(all_keys(given, Path(file)) if file else given), settings.get("LEADS_HASH_KEY")]
        return cls([*keys, *(secret for secret in own if secret)])


class Redacting(logging.Formatter):
    """A formatter behind another: what that one wrote, tracebacks too, with the secrets blotted out."""

    def __init__(self, formatter: logging.Formatter, redactor: Redactor) -> None:
        super().__init__()
        self._formatter = formatter
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be seen."""
        return shortened(self._redactor.text(self._formatter.format(record)))
