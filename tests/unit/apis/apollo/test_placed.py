"""An answer goes to whom it is about: by its key, and by its place only where the reply is known to keep the order."""

import pytest

from leadspiders.apis.apollo.placed import Placed, assigned


def answers(*keys: str | None) -> list[Placed]:
    return [None if key is None else (key.strip("?") or None, key.encode()) for key in keys]


@pytest.mark.parametrize(
    ("places", "given"),
    [
        (answers("a", "b", "c"), [b"a", b"b", b"c"]),
        (answers("c", "a", "b"), [b"a", b"b", b"c"]),
        (answers("a", "x", "c"), [b"a", b"x", b"c"]),
        (answers("a", None, "x"), [b"a", None, b"x"]),
        (answers("c", "x", None), [None, None, b"c"]),
        (answers("c", "a", "x"), [b"a", b"x", b"c"]),
        (answers("x", "y", "z"), [None, None, None]),
        (answers("a", "?", "c"), [b"a", b"?", b"c"]),
        (answers(), [None, None, None]),
    ],
)
def test_who_gets_which(places: list[Placed], given: list[bytes | None]) -> None:
    assert assigned(["a", "b", "c"], places) == given


def test_one_asked_and_one_answered_belong_together() -> None:
    assert assigned(["a"], answers("x")) == [b"x"]
