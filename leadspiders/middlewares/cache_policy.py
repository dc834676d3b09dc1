"""What Scrapy's own HTTP cache may keep where somebody has switched it on: answers that hold what was asked for."""

from scrapy import Request
from scrapy.extensions.httpcache import DummyPolicy
from scrapy.http import Response


class AnswersOnly(DummyPolicy):
    """A refusal or a failure is not kept: the retry must not meet the reply that it is to mend."""

    def should_cache_response(self, response: Response, request: Request) -> bool:
        """Whether it is a success, and of no status that `HTTPCACHE_IGNORE_HTTP_CODES` names."""
        return 200 <= response.status < 300 and super().should_cache_response(response, request)
