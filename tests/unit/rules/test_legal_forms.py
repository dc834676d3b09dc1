"""Legal forms, against cleanco's own long way through all of them."""

import pytest
from cleanco import basename
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspiders.rules.legal_forms import without_form

WORDS = [
    "Acme", "OHIO", "Öl", "Straße", "the", "a", "&", "-", "(USA)", "O'Neil", "d/b/a", "3M", "Co", "co.", "Ltd", "Inc.",
    "L.L.C.", "LLC", "GmbH", "mbH", "KG", "Co. KG", "S.A.", "de", "R.L.", "sp.", "z", "o.o.", "and Company",
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Ohio Gear Works, L.L.C.", "Ohio Gear Works"),
        ("Acme GmbH & Co. KG", "Acme"),
        ("Ohio Gear Works!", "Ohio Gear Works"),
        ("Acme LLC of Ohio", "Acme LLC of Ohio"),
        ("LLC", ""),
        ("", ""),
    ],
)
def test_without_form(name, wanted):
    assert without_form(name) == wanted


@settings(deadline=None, max_examples=400, database=None, derandomize=True)
@given(st.one_of(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), st.text(max_size=12)))
def test_it_says_what_the_long_way_says(name):
    assert without_form(name) == basename(name)
