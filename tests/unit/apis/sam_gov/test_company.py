import pytest

from leadspiders.apis.sam_gov.company import clean, web_host


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://www.leidos.com", "leidos.com"),
        ("www.ohiogear.example.com", "ohiogear.example.com"),
        ("HTTPS://Shop.Example.COM:8080/x?y", "shop.example.com"),
        ("example.com/", "example.com"),
        ("www.example.com.", "example.com"),
        ("NONE", None),
        ("n/a", None),
        ("info@example.com", None),
        ("see our page", None),
        ("http://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_host_of_a_web_address(url, host):
    assert web_host(url) == host


@pytest.mark.parametrize(
    ("value", "text"),
    [(" A ", "A"), ("null", None), (" ", None), ("Currently Not Available", None), (None, None), (7, None)],
)
def test_ways_to_write_nothing(value, text):
    assert clean(value) == text
