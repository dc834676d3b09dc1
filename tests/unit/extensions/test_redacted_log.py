import logging

from leadspiders.extensions.redacted_log import Redacting
from leadspiders.guard.redact import Redactor


def test_message_arguments_and_traceback_are_blotted() -> None:
    formatter = Redacting(logging.Formatter("%(levelname)s %(message)s"), Redactor(["the-secret"]))
    try:
        raise ValueError("the-secret in a traceback")  # noqa: TRY301
    except ValueError as error:
        told = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", 10, "", 1, "%s and x@example.com", ("the-secret",), told)
    line = formatter.format(record)
    assert line.startswith("DEBUG *** and ***")
    assert "ValueError: *** in a traceback" in line
