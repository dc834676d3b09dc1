import pytest
from scrapy import Request

from leadspiders.errors import ArgumentError
from leadspiders.middlewares.last_hop import belongs_to
from leadspiders.rules.base_url import NOWHERE, base_url, base_urls


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("HTTPS://API.Example.com:443/", "https://api.example.com"),
        (" http://127.0.0.1:80/apollo/ ", "http://127.0.0.1/apollo"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_spelling_which_is_that_of_requests(text: str, url: str) -> None:
    assert base_url("LEADS_APOLLO_URL", text) == url
    assert belongs_to(Request(f"{url}/people").url, url)


@pytest.mark.parametrize(
    "text",
    ["api.example.com", "http://[::1", "https:///path", "ftp://h", "https://h:99999", "https://a b", "https://me:it@h",
     "https://h?key=it"],
)  # fmt: skip
def test_what_is_no_address_is_named_by_its_variable_and_not_repeated(text: str) -> None:
    with pytest.raises(ArgumentError, match=r"^LEADS_APOLLO_URL ") as caught:
        base_url("LEADS_APOLLO_URL", text)
    assert text not in str(caught.value)


def test_a_call_to_an_address_that_is_none_goes_nowhere() -> None:
    urls, problem = base_urls({"apollo": ("LEADS_APOLLO_URL", "api"), "bls": ("LEADS_BLS_URL", "https://h/")})
    assert urls == {"apollo": NOWHERE, "bls": "https://h"}
    assert problem
    assert problem.startswith("LEADS_APOLLO_URL is no address")
