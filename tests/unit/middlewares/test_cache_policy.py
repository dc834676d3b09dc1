import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from leadspiders.middlewares.cache_policy import AnswersOnly


@pytest.mark.parametrize(("status", "kept"), [(200, True), (204, True), (302, False), (429, False), (503, False)])
def test_only_what_was_asked_for_is_kept(status: int, kept: bool) -> None:
    policy = AnswersOnly(Settings())
    request = Request("https://example.com/data.csv")
    assert policy.should_cache_response(Response(request.url, status=status), request) is kept


def test_the_users_own_list_still_counts() -> None:
    policy = AnswersOnly(Settings({"HTTPCACHE_IGNORE_HTTP_CODES": [204]}))
    request = Request("https://example.com/data.csv")
    assert not policy.should_cache_response(Response(request.url, status=204), request)
