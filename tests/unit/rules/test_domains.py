"""The domain a company registered, and its website in one form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from w3lib.url import canonicalize_url

from leadspiders.rules.domains import host, registrable, website


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("http://www.Shop.example.co.uk/x", "example.co.uk"),
        ("HTTP://ACME.COM", "acme.com"),
        ("acme.com:8080/about?x=1", "acme.com"),
        ("//acme.com", "acme.com"),
        ("user@acme.com", "acme.com"),
        ("b\u00fccher.de", "xn--bcher-kva.de"),
        ("gmail.com", "gmail.com"),
        # RFC 2606: companies of a demonstration must not all be example.com.
        ("www.ohiogear.example.com", "ohiogear.example.com"),
        ("a.b.ohiogear.example.net", "ohiogear.example.net"),
        ("example.com", None),
        ("foo.bar.test", "bar.test"),
        ("acme.example", "acme.example"),
        ("linkedin.com/company/acme", None),
        ("http:/acme.com", "acme.com"),
        ("https://https://acme.com", "acme.com"),
        ("boards.greenhouse.io/acme", None),
        ("acme.zendesk.com", None),
        ("https://acme.wixsite.com/home", None),
        ("http://10.0.0.1", None),
        ("localhost", None),
        ("acme.local", None),
        ("acme", None),
        ("foo bar.com", None),
        ("co.uk", None),
        ("n/a", None),
        (None, None),
    ],
)
def test_registrable(raw, wanted):
    assert registrable(raw) == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("www.ohiogear.example.com/", "https://www.ohiogear.example.com"),
        ("http://WWW.Acme.com/About/?utm_source=x#top", "http://www.acme.com/About/"),
        ("https://acme.com/a?b=1&gclid=2", "https://acme.com/a?b=1"),
        ("acme.com:8080", "https://acme.com:8080"),
        ("https://b\u00fccher.de", "https://xn--bcher-kva.de"),
        ("ftp://acme.com", None),
        ("jane@acme.com", None),
        ("none", None),
        (None, None),
    ],
)
def test_website(raw, wanted):
    assert website(raw) == wanted


def test_host_keeps_every_label():
    assert host("https://Shop.Acme.com:443/x") == "shop.acme.com"
    assert host("https://a_b.com") is None


@settings(deadline=None, max_examples=150, database=None, derandomize=True)
@given(
    st.one_of(
        st.from_regex(r"(https?://)?([a-z0-9-]{1,5}\.){1,3}(com|co\.uk|test|example)(/[a-z]{0,3})?", fullmatch=True),
        st.text(alphabet="ab.:/@?#cé \\%", max_size=20),
    )
)
def test_reading_twice_changes_nothing(raw):
    assert registrable(registrable(raw)) == registrable(raw)
    assert website(website(raw)) == website(raw)


@settings(deadline=None, max_examples=200, database=None, derandomize=True)
@given(st.from_regex(r"(https?://)?([a-z0-9][a-z0-9-]{0,4}[a-z0-9]\.){1,3}(com|xn--p1ai|example)/?", fullmatch=True))
def test_a_bare_name_is_the_url_that_its_long_form_is(raw):
    whole = raw if "://" in raw else f"https://{raw}"
    assert website(raw) == canonicalize_url(whole).removesuffix("/") == website(f"{whole.removesuffix('/')}/#top")
    assert host(raw) == host(f"{whole.removesuffix('/')}:443/about")
