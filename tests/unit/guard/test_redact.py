import base64
import json
from time import process_time
from urllib.parse import quote, quote_plus

import pytest

from leadspiders.guard.redact import LONGEST_LINE, Redactor, shortened

SECRET = 'se/cr+et= "key"'


@pytest.mark.parametrize(
    "spelled",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"{SECRET}:".encode()).decode(),
    ],
)
def test_a_secret_is_blotted_out_in_every_spelling(spelled: str) -> None:
    redactor = Redactor(["another-secret", SECRET])
    assert redactor.text(f"before {spelled} after") == "before *** after"
    assert redactor.body(f"before {spelled} after".encode()) == b"before *** after"


def test_a_body_without_a_secret_stays_the_same_object() -> None:
    body = b"nothing to see"
    assert Redactor([SECRET]).body(body) is body


def test_a_short_word_is_no_secret() -> None:
    assert Redactor(["sandbox", ""]).text("a sandbox") == "a sandbox"


def test_a_secret_within_another_leaves_nothing_of_it() -> None:
    assert Redactor(["12345678", "12345678-9abc"]).text("12345678-9abc") == "***"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("GET http://h/x?page=3&state=OH", "GET http://h/x?page=3&state=OH"),
        ("GET http://h/x?email=a%40example.com>", "GET http://h/x?email=***>"),
        ("GET http://h/x?X-Amz-Signature=abc", "GET http://h/x?X-Amz-Signature=***"),
        ("GET http://h/x?api_key=k&page=1", "GET http://h/x?api_key=***&page=1"),
        ("GET http://h/x?q=Somebody%20Known", "GET http://h/x?q=***"),
        ("refused a.b@example.com: no", "refused ***: no"),
        ("postgresql://leads:secret@db.internal:5432/leads", "postgresql://leads:***:5432/leads"),
        ("a plain line", "a plain line"),
    ],
)
def test_a_log_line_keeps_short_words_only(line: str, left: str) -> None:
    assert shortened(line) == left


@pytest.mark.parametrize("unit", ["a", "?", "&a", "a@", ".", "?a=b@"])
def test_a_line_that_is_eight_times_as_long_takes_no_sixty_times_as_long(unit: str) -> None:
    def seconds(size: int) -> float:
        line, times = unit * size, []
        for _ in range(5):
            began = process_time()
            for _ in range(3):
                shortened(line)
            times.append(process_time() - began)
        return min(times)

    seconds(100)
    assert seconds(16_000) < 25 * seconds(2_000) + 0.01


def test_a_very_long_line_ends_early_and_says_so() -> None:
    line = shortened("a.b@example.com " + "x" * 2 * LONGEST_LINE)
    assert line.startswith("*** xxx")
    assert len(line) < LONGEST_LINE + 100
    assert line.endswith("more characters)")
